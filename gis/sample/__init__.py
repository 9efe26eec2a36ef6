"""The generated city: any size, the same for the same seed, lying where Đà Nẵng lies and copying nothing of it."""

from gis.sample.city import SampleSizeRefused, generate
from gis.sample.load import load_sample

__all__ = ["SampleSizeRefused", "generate", "load_sample"]
