# results.json -> one line per floor: PASS or FAIL, or "not measured" where ours or yarp did not run. Throughput is the mean of the
# rounds; a latency is that of the best round, since what else runs on the machine can only add to it.
def mean(f): map(f) | add / length;
def fixed($digits): (pow(10; $digits)) as $p | (. * $p | round) / $p | tostring;
def of($target): map(select(.target == $target));
def verdict($name; $value; $limit; $holds; $aim): "\(if $holds then "PASS" else "FAIL" end)  \($name): \($value) (floor \($limit)\(if $aim then ", aim reached" else "" end))";

def limits_floors:
  (map(select(.mode == "limits")) | group_by([.kind, .conns])[] |
    "\(.[0].kind) at \(.[0].conns) connections" as $what | of("limited") as $with | of("unlimited") as $without |
    (($with | mean(.rps)) / ($without | mean(.rps))) as $rps |
    verdict("requests/s with limits and budgets, of those without, \($what)"; $rps | fixed(2); ">= 0.8"; $rps >= 0.8; $rps >= 1),
    ($with | map(.errors) | add) as $errors | verdict("errors with limits and budgets, \($what)"; $errors; "0"; $errors == 0; false)),
  (map(select(.mode == "limits-latency" or .mode == "limits-varied")) | group_by(.mode)[] | of("limited") as $with | of("unlimited") as $without |
    ((($with | map(.p50_us) | min) - ($without | map(.p50_us) | min)) / 1000) as $added |
    verdict("p50 that limits and budgets add, ms, \(if .[0].mode == "limits-varied" then "answers after varied times" else "all callers in step" end)"; $added | fixed(2); "<= 0.5"; $added <= 0.5; $added <= 0));

def caches_floors:
  (map(select(.mode == "caches")) | group_by([.kind, .conns])[] |
    "\(.[0].kind) at \(.[0].conns) connections" as $what | of("hit") as $hit | of("miss") as $miss | of("bare") as $bare |
    ((($hit | map(.p50_us) | min) - ($bare | map(.p50_us) | min)) / 1000) as $added |
    (if .[0].conns == 1 then verdict("p50 of a hit beyond the bare endpoint, ms, \($what)"; $added | fixed(2); "<= 1"; $added <= 1; $added <= 0.5)
     else (($hit | mean(.rps)) / ($miss | mean(.rps))) as $rps | verdict("requests/s of hits, of those of misses, \($what)"; $rps | fixed(2); ">= 3"; $rps >= 3; $rps >= 4) end),
    (map(.errors) | add) as $errors | verdict("errors of hits and misses, \($what)"; $errors; "0"; $errors == 0; false));

def telemetry_floors:
  (map(select(.mode == "telemetry" and (.target == "all" or .target == "silent"))) | group_by([.kind, .conns])[] |
    "\(.[0].kind) at \(.[0].conns) connections" as $what | of("all") as $with | of("silent") as $without | select(($with | length) > 0) |
    (($with | mean(.rps)) / ($without | mean(.rps))) as $rps |
    verdict("requests/s of a gateway that tells everything, of one that tells nothing, \($what)"; $rps | fixed(2); ">= 0.9"; $rps >= 0.9; $rps >= 0.95),
    (map(.errors) | add) as $errors | verdict("errors, telling everything and nothing, \($what)"; $errors; "0"; $errors == 0; false)),
  (map(select(.mode == "told" and .target == "all"))[] |
    verdict("what came of the one that tells everything: spans, metrics, exemplars, log records, scrapes, lines"; [.spans, .points, .exemplars, .lines, .scrapes, .request_lines] | join(", ");
      "> 0 each"; [.spans, .points, .exemplars, .lines, .scrapes, .request_lines] | all(. > 0); false));

.runs as $runs |
"## Floors", "",
if ($runs | of("ours") | length) == 0 or ($runs | of("yarp") | length) == 0 then ($runs | limits_floors), ($runs | caches_floors), ($runs | telemetry_floors), "the rest not measured: needs both ours and yarp" else
  ($runs | map(select(.mode == "throughput")) | group_by([.kind, .conns])[] |
    "\(.[0].kind) at \(.[0].conns) connections" as $what | of("ours") as $o | of("yarp") as $y | select(($o | length) > 0 and ($y | length) > 0) |
    (($o | mean(.rps)) / ($y | mean(.rps))) as $rps |
    ((($o | map(.cpu_s) | add) / ($o | map(.requests) | add)) / (($y | map(.cpu_s) | add) / ($y | map(.requests) | add))) as $cpu |
    verdict("requests/s of bare YARP's, \($what)"; $rps | fixed(2); ">= 0.6"; $rps >= 0.6; $rps >= 1),
    verdict("CPU per 1,000 requests of bare YARP's, \($what)"; $cpu | fixed(2); "<= 1.7"; $cpu <= 1.7; $cpu <= 1),
    ($o | map(.errors) | add) as $errors | verdict("errors, \($what)"; $errors; "0"; $errors == 0; false)),
  ($runs | map(select(.mode == "latency")) | group_by([.kind, .conns])[] |
    (.[0].kind) as $kind | of("ours") as $o | of("yarp") as $y | select(($o | length) > 0 and ($y | length) > 0) |
    ((($o | map(.p50_us) | min) - ($y | map(.p50_us) | min)) / 1000) as $added |
    verdict("p50 beyond bare YARP's at a slow provider, \($kind), ms"; $added | fixed(2); "<= 0.3"; $added <= 0.3; $added <= 0),
    ($o | map(.errors) | add) as $errors | verdict("errors at a slow provider, \($kind)"; $errors; "0"; $errors == 0; false)),
  ($runs | map(select(.mode == "first_byte")) | of("ours") as $o | of("yarp") as $y | select(($o | length) > 0 and ($y | length) > 0) |
    (($o | map(.ms) | min) - ($y | map(.ms) | min)) as $added |
    verdict("time to the first streamed byte beyond bare YARP's, ms"; $added | fixed(2); "<= 0.3"; $added <= 0.3; $added <= 0)),
  ($runs | map(select(.mode == "dialects")) | select(length > 0) |
    def cost($target; $kind): map(select(.target == $target and .kind == $kind)) | (map(.cpu_s) | add) / (map(.requests) | add);
    (cost("ours"; "stream-long") / cost("yarp"; "stream-long")) as $long |
    (cost("ours"; "messages") / cost("ours"; "chat")) as $plain |
    (cost("ours"; "messages-long") / cost("ours"; "stream-long")) as $streamed |
    verdict("CPU per long stream of bare YARP's, same dialect"; $long | fixed(2); "<= 1.5"; $long <= 1.5; $long <= 1),
    verdict("CPU of a plain request across dialects, of one in the same dialect"; $plain | fixed(2); "<= 2"; $plain <= 2; $plain <= 1),
    verdict("CPU of a long stream across dialects, of one in the same dialect"; $streamed | fixed(2); "<= 3"; $streamed <= 3; $streamed <= 1),
    (map(.errors) | add) as $errors | verdict("errors across dialects"; $errors; "0"; $errors == 0; false)),
  ($runs | limits_floors),
  ($runs | caches_floors),
  ($runs | telemetry_floors),
  ($runs | map(select((.target == "ours" or .target == "yarp") and (.foreign // 0) > 20)) | group_by([.mode, .kind, .conns, .target])[] |
    "NOTE  disturbed: other processes used up to \(map(.foreign) | max | fixed(0)) % of a core during \(.[0].mode) \(.[0].kind) at \(.[0].conns), \(.[0].target)"),
  ($runs | of("ours") | map(.rss_mib // 0) | max) as $rss | verdict("RSS, MiB"; $rss | fixed(0); "<= 250"; $rss <= 250; false),
  ($runs[] | select(.mode == "records") | verdict("usage records in Postgres for \(.answered) requests measured"; .records; ">= that many"; .records >= .answered; false))
end
