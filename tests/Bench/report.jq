# results.json -> Markdown tables. Figures are means over the rounds; errors are summed. "CPU s / 1000 req" is the gateway's own,
# what it still does after the load (copying its usage journal) included; "CPU %" is its share of a core during the load.
def mean(f): map(f) | add / length;
def fixed($digits): if . == null then "-" else
  (pow(10; $digits)) as $p | ((. * $p | round) / $p) as $x | ($x | tostring) as $s
  | if $digits == 0 then $s
    else ($s | split(".")) as [$whole, $part] | "\($whole).\((($part // "") + "000000")[:$digits])" end end;
def ms: if . == null then "-" else . / 1000 | fixed(2) end;
def over($base): if $base == null or $base == 0 then null else . / $base end;
def line: "| " + join(" | ") + " |";
def table($head): ($head | line), ($head | map("---") | line), (.[] | line);

def summary: {
  target: .[0].target,
  rps: mean(.rps), p50: mean(.p50_us), p90: mean(.p90_us), p99: mean(.p99_us),
  spread: ((map(.rps) | max - min) / mean(.rps) * 50),
  errors: (map(.errors) | add), rss: .[-1].rss_mib,
  cpu: ((map(.cpu_s) | add) / (map(.requests) | add) * 1000),
  foreign: (map(.foreign_cpu_s / .seconds) | max * 100),
  busy: ((map(.busy_s) | add) / (map(.seconds) | add) * 100),
  stores: ((map(.stores_cpu_s) | add) / (map(.seconds) | add) * 100),
  settle: (map(.settle_s) | max) };
def by_target: . as $runs | (map(.target) | reduce .[] as $t ([]; if index($t) then . else . + [$t] end))
  | map(. as $t | $runs | map(select(.target == $t)) | summary);
def find_target($name): map(select(.target == $name)) | first // null;
def sections($mode): .runs | map(select(.mode == $mode)) | group_by([.kind, .conns]);

(sections("throughput")[] |
  "### Throughput: \(.[0].kind), \(.[0].conns) connections", "",
  (by_target | find_target("nginx") as $n | find_target("yarp") as $y |
    map([.target, (.rps | fixed(0)), (.spread | "±\(fixed(0)) %"), (.p50 | ms), (.p90 | ms), (.p99 | ms), (.errors | tostring),
      (.rss | fixed(0)), (.cpu | fixed(3)), (.busy | fixed(0)),
      (.rps | over($n.rps) | fixed(2)), (.rps | over($y.rps) | fixed(2)),
      (.cpu | over($n.cpu) | fixed(2)), (.cpu | over($y.cpu) | fixed(2)), (.stores | fixed(0)), (.settle | fixed(1)), (.foreign | fixed(0))])
    | table(["target", "rps", "rounds", "p50 ms", "p90 ms", "p99 ms", "errors", "RSS MiB", "CPU s / 1000 req", "CPU %",
             "rps / nginx", "rps / yarp", "CPU / nginx", "CPU / yarp", "stores CPU %", "idle after s", "foreign CPU %"])), ""),

((sections("limits") + sections("limits-latency") + sections("limits-varied"))[] |
  "### Limits and budgets: \(.[0].kind), \(.[0].conns) connections\({"limits-latency": ", slow provider", "limits-varied": ", provider of varied times"}[.[0].mode] // "")", "",
  (by_target | map([.target, (.rps | fixed(0)), (.p50 | ms), (.p99 | ms), (.errors | tostring), (.rss | fixed(0)), (.cpu | fixed(3)), (.busy | fixed(0)), (.stores | fixed(0)), (.foreign | fixed(0))])
    | table(["target", "rps", "p50 ms", "p99 ms", "errors", "RSS MiB", "CPU s / 1000 req", "CPU %", "stores CPU %", "foreign CPU %"])), ""),

(sections("telemetry")[] |
  "### Telemetry: \(.[0].kind), \(.[0].conns) connections", "",
  (by_target | find_target("silent") as $n | map([.target, (.rps | fixed(0)), (.rps | over($n.rps) | fixed(2)), (.p50 | ms), (.p99 | ms), (.errors | tostring), (.rss | fixed(0)), (.cpu | fixed(3)), (.cpu | over($n.cpu) | fixed(2)), (.busy | fixed(0)), (.stores | fixed(0)), (.foreign | fixed(0))])
    | table(["target", "rps", "rps / silent", "p50 ms", "p99 ms", "errors", "RSS MiB", "CPU s / 1000 req", "CPU / silent", "CPU %", "stores and collectors CPU %", "foreign CPU %"])), ""),

(.runs | map(select(.mode == "told")) | if length == 0 then empty else
  "### What was told", "",
  (map([.target, .spans, .traces, .points, .exemplars, .lines, .bytes, .scrapes, .request_lines, .request_lines_lost] | map(tostring))
    | table(["target", "spans", "requests traced", "metrics", "exemplars", "log records", "bytes of OTLP", "scrapes", "lines of requests kept", "lines lost"])), "" end),

(sections("caches")[] |
  "### Kept replies: \(.[0].kind), \(.[0].conns) connections", "",
  (by_target | map([.target, (.rps | fixed(0)), (.p50 | ms), (.p99 | ms), (.errors | tostring), (.rss | fixed(0)), (.cpu | fixed(3)), (.busy | fixed(0)), (.stores | fixed(0)), (.foreign | fixed(0))])
    | table(["target", "rps", "p50 ms", "p99 ms", "errors", "RSS MiB", "CPU s / 1000 req", "CPU %", "stores CPU %", "foreign CPU %"])), ""),

(sections("screened")[] |
  "### Guardrails: \(.[0].kind), \(.[0].conns) connections", "",
  (by_target | find_target("none") as $n | map([.target, (.rps | fixed(0)), (.rps | over($n.rps) | fixed(2)), (.p50 | ms), (.p99 | ms), (.errors | tostring), (.rss | fixed(0)), (.cpu | fixed(3)), (.foreign | fixed(0))])
    | table(["target", "rps", "rps / none", "p50 ms", "p99 ms", "errors", "RSS MiB", "CPU s / 1000 req", "foreign CPU %"])), ""),

(.runs | map(select(.mode == "first_token")) | if length == 0 then empty else
  "### Time to the first token that a caller can show, one connection", "",
  (group_by(.target) | map([.[0].target, (mean(.ms) | fixed(1))]) | table(["target", "median ms"])), "" end),

(sections("dialects")[] |
  "### Dialects: \(.[0].kind), \(.[0].conns) connections", "",
  (by_target | map([.target, (.rps | fixed(0)), (.p50 | ms), (.p99 | ms), (.errors | tostring), (.rss | fixed(0)), (.cpu | fixed(3)), (.foreign | fixed(0))])
    | table(["target", "rps", "p50 ms", "p99 ms", "errors", "RSS MiB", "CPU s / 1000 req", "foreign CPU %"])), ""),

(. as $all | sections("latency")[] |
  "### Added latency: \(.[0].kind), \(.[0].conns) connections, provider takes \($all.latency_ms) ms" +
    (if .[0].kind == "stream" then " and \($all.chunk_delay_ms) ms per chunk" else "" end), "",
  (by_target | find_target("direct") as $d | find_target("nginx") as $n | find_target("yarp") as $y |
    def added: if . == null or $d == null then null else .p50 - $d.p50 end;
    # A ratio of two differences means nothing where the base is within the noise.
    def times($base): if . == null or $base == null or $base < 100 then "-" else over($base) | fixed(1) end;
    ($n | added) as $n50 | ($y | added) as $y50 |
    map(. as $t | [.target, (.rps | fixed(0)), (.p50 | ms), (.p99 | ms), (added | ms),
      (if $d then .p99 - $d.p99 | ms else "-" end), (.errors | tostring), (.rss | fixed(0)), (.cpu | fixed(3)),
      (added | times($n50)), (added | times($y50)), (.foreign | fixed(0))])
    | table(["target", "rps", "p50 ms", "p99 ms", "added p50 ms", "added p99 ms", "errors", "RSS MiB", "CPU s / 1000 req",
             "added / nginx", "added / yarp", "foreign CPU %"])), ""),

(.runs | map(select(.mode == "first_byte")) | if length == 0 then empty else
  "### Time to the first streamed byte, one connection", "",
  (group_by(.target) | map([.[0].target, (mean(.ms) | fixed(2)), (map(.errors) | add | tostring)]) | table(["target", "median ms", "errors"])), "" end)
