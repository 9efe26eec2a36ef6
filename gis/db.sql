-- name: see
-- Let a session see the city in a scenario; the baseline refuses to be written from there (see gis/views.py).
--   path      text  search path
--   scenario  text  name of the scenario, or baseline
SELECT
    set_config('search_path', %(path)s, FALSE),
    set_config('quyhoach.scenario', %(scenario)s, FALSE)
