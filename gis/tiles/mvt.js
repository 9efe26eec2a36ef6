// Reads vector tiles: protocol buffers with layers of features, coordinates as steps of a pen.

const WIRE_VARINT = 0;
const WIRE_64 = 1;
const WIRE_BYTES = 2;

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  get ended() {
    return this.at >= this.bytes.length;
  }

  varint() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  chunk() {
    const length = this.varint();
    const start = this.at;
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }

  skip(wire) {
    if (wire === WIRE_VARINT) this.varint();
    else if (wire === WIRE_64) this.at += 8;
    else if (wire === WIRE_BYTES) this.chunk();
    else this.at += 4;
  }
}

const text = new TextDecoder();
const zigzag = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

function fields(bytes, visit) {
  const reader = new Reader(bytes);
  while (!reader.ended) {
    const key = reader.varint();
    const wire = key & 7;
    const before = reader.at;
    visit(key >> 3, reader, wire);
    if (reader.at === before) reader.skip(wire);
  }
}

function packed(bytes) {
  const reader = new Reader(bytes);
  const values = [];
  while (!reader.ended) values.push(reader.varint());
  return values;
}

function valueOf(bytes) {
  let value = null;
  fields(bytes, (field, reader) => {
    if (field === 1) value = text.decode(reader.chunk());
    else if (field === 2) { value = reader.view.getFloat32(reader.at, true); reader.at += 4; }
    else if (field === 3) { value = reader.view.getFloat64(reader.at, true); reader.at += 8; }
    else if (field === 4 || field === 5) value = reader.varint();
    else if (field === 6) value = zigzag(reader.varint());
    else if (field === 7) value = Boolean(reader.varint());
  });
  return value;
}

function featureOf(bytes) {
  const feature = { id: null, type: 0, tags: [], pen: [] };
  fields(bytes, (field, reader) => {
    if (field === 1) feature.id = reader.varint();
    else if (field === 2) feature.tags = packed(reader.chunk());
    else if (field === 3) feature.type = reader.varint();
    else if (field === 4) feature.pen = packed(reader.chunk());
  });
  return feature;
}

function layerOf(bytes) {
  const layer = { name: "", extent: 4096, features: [], keys: [], values: [] };
  fields(bytes, (field, reader) => {
    if (field === 1) layer.name = text.decode(reader.chunk());
    else if (field === 2) layer.features.push(featureOf(reader.chunk()));
    else if (field === 3) layer.keys.push(text.decode(reader.chunk()));
    else if (field === 4) layer.values.push(valueOf(reader.chunk()));
    else if (field === 5) layer.extent = reader.varint();
  });
  return layer;
}

// Return the layers of a tile by name.
export function decode(bytes) {
  const layers = new Map();
  fields(bytes, (field, reader) => {
    if (field !== 3) return;
    const layer = layerOf(reader.chunk());
    layers.set(layer.name, layer);
  });
  return layers;
}

// Return one attribute of a feature, or null.
export function attribute(layer, feature, name) {
  const key = layer.keys.indexOf(name);
  for (let at = 0; at < feature.tags.length; at += 2) {
    if (feature.tags[at] === key) return layer.values[feature.tags[at + 1]];
  }
  return null;
}

// Draw the outline of a feature into a path of a canvas, `scale` pixels to a unit; return its points where it has no lines.
export function trace(feature, scale, path) {
  const points = [];
  const pen = feature.pen;
  let x = 0;
  let y = 0;
  for (let at = 0; at < pen.length;) {
    const command = pen[at] & 7;
    let count = pen[at++] >> 3;
    if (command === 7) { path.closePath(); continue; }
    for (; count > 0; count--) {
      x += zigzag(pen[at++]);
      y += zigzag(pen[at++]);
      if (feature.type === 1) points.push([x * scale, y * scale]);
      else if (command === 1) path.moveTo(x * scale, y * scale);
      else path.lineTo(x * scale, y * scale);
    }
  }
  return points;
}
