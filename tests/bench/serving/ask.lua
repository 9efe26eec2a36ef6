-- Ask the paths of a list, from its beginning; `once` ends when the last is answered, `over` begins it again.
-- Arguments: file of paths, one a line; once | over.
-- Prints one line of JSON: answers, errors, seconds, bytes, p50_ms, p99_ms.

local ffi = require("ffi")
ffi.cdef[[
  typedef struct { long seconds; long microseconds; } clock_reading;
  int gettimeofday(clock_reading *reading, void *zone);
  int kill(int pid, int signal);
  int getpid(void);
]]

local INTERRUPT = 2
local FOREVER_MS = 1e9
local reading = ffi.new("clock_reading")
local threads = {}

local function now_s()
  ffi.C.gettimeofday(reading, nil)
  return tonumber(reading.seconds) + tonumber(reading.microseconds) / 1e6
end

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  requests, asked, handed, answers, failed, first_s, last_s = {}, -1, 0, 0, 0, 0, 0
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  once = arguments[2] == "once"
  if once then
    -- wrk knows no end of a list: who comes after the last waits until all are answered.
    delay = function()
      handed = handed + 1
      return handed <= #requests and 0 or FOREVER_MS
    end
    response = function(status)
      last_s = now_s()
      answers = answers + 1
      if status ~= 200 and status ~= 204 then failed = failed + 1 end
      if answers == #requests then ffi.C.kill(ffi.C.getpid(), INTERRUPT) end
    end
  end
end

-- wrk calls it once by itself to see what a request looks like; that call asks for nothing.
function request()
  asked = asked + 1
  if asked <= 1 then first_s = now_s() end
  return requests[math.max(asked - 1, 0) % #requests + 1]
end

function done(summary, latency)
  local thread = threads[1]
  local seconds, answers = summary.duration / 1e6, summary.requests
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  if thread:get("once") then
    seconds = thread:get("last_s") - thread:get("first_s")
    answers = thread:get("answers")
    failed = failed + thread:get("failed")
  else
    failed = failed + errors.status
  end
  io.write(string.format(
    '\n{"answers": %d, "errors": %d, "seconds": %.6f, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f}\n',
    answers, failed, seconds, summary.bytes, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
