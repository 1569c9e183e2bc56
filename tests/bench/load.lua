-- What wrk sends and how it judges the answers. One connection a thread, so that a thread knows
-- which answer belongs to which person.
--
--   wrk … -s load.lua URL -- SECONDS STATUS TARGETS [BODY BODY [REVISION]]
--
-- TARGETS is a file with a path a line. Without bodies: GET, each thread takes its turn through
-- all of them. With two bodies: POST, each thread to a path of its own, one body after the other,
-- so that each changes what the last one did. With REVISION, the body names the revision that the
-- last answer's Location told (`saved=N`), as a form does that was loaded anew.
--
-- A thread stops by itself after an answer, never between a request and its answer: what was
-- acknowledged is all that was sent. One that still waits when wrk ends counts as broken.

local ffi = require("ffi")
ffi.cdef("struct bench_time { long seconds, microseconds; }; int gettimeofday(struct bench_time *, void *);")
local clock = ffi.new("struct bench_time")

local function now()
  ffi.C.gettimeofday(clock, nil)
  return tonumber(clock.seconds) + tonumber(clock.microseconds) / 1e6
end

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  seconds, expected = tonumber(args[1]), tonumber(args[2])
  targets = {}
  for line in io.lines(args[3]) do table.insert(targets, line) end
  bodies = { args[4], args[5] }
  revision = args[6]
  turn, good, wrong, other = number, 0, 0, 0
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

-- Nothing may count up here: wrk calls this once more than it sends.
function request()
  started = started or now()
  if #bodies == 0 then
    return wrk.format("GET", targets[turn % #targets + 1])
  end
  local body = bodies[good % 2 + 1]
  if revision then body = body .. "&revision=" .. revision end
  return wrk.format("POST", targets[number + 1], nil, body)
end

function response(status, headers, body)
  ended = now()
  turn = turn + 1
  if status == expected then good = good + 1 else wrong, other = wrong + 1, status end
  local location = headers.Location or headers.location
  if revision and location then
    revision = location:match("saved=(%d+)") or revision
  end
  if ended - started >= seconds then
    finished = true
    wrk.thread:stop()
  end
end

function done(summary, latency, requests)
  local good, wrong, other, first, last, unanswered = 0, 0, 0, math.huge, 0, 0
  for _, thread in ipairs(threads) do
    if not thread:get("finished") then unanswered = unanswered + 1 end
    good = good + thread:get("good")
    wrong = wrong + thread:get("wrong")
    other = math.max(other, thread:get("other"))
    first = math.min(first, thread:get("started"))
    last = math.max(last, thread:get("ended") or 0)
  end
  local errors = summary.errors
  print(string.format(
    '{"good": %d, "wrong": %d, "other": %d, "broken": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f}',
    good, wrong, other, errors.connect + errors.read + errors.write + errors.timeout + unanswered,
    last - first, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
