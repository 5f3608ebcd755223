# Load, figures, results. Sourced by load.sh.

# Processes that are neither the gateway nor the load, beside the stores.
collectors=

script_of() { case $1 in stream-long) echo stream ;; messages-long) echo messages-stream ;; *) echo "$1" ;; esac; }

path_of() { case $1 in messages*) echo /v1/messages ;; *) echo /v1/chat/completions ;; esac; }

load() { # TARGET KIND CONNECTIONS SECONDS : prints one line of JSON, then wrk's own CPU seconds
  local TIMEFORMAT='%U %S'
  { time (
    KEY=${key[$1]} KEYS=${keys[$1]:-} MODEL=${model[$1]} HEADERS=${headers[$1]} UNIQUE=${unique[$1]:-} exec_pinned "$LOAD_CPUS" \
      wrk -t1 "-c$3" "-d${4}s" --timeout 5s -s "$here/$(script_of "$2").lua" "${url[$1]}$(path_of "$2")" 9>&- | grep '^{'
  ); } 2>&1
}

settle() { # TARGET : until it and the stores use less than 4 % of a core for half a second; SETTLE_TURNS quarters of a second at most
  local before now idle=0 turn
  before=$(cpu_ticks "${pid[$1]}" $stores)
  for ((turn = 0; turn < SETTLE_TURNS; turn++)); do
    sleep 0.25
    now=$(cpu_ticks "${pid[$1]}" $stores)
    if ((now - before <= 1)); then idle=$((idle + 1)); else idle=0; fi
    before=$now
    if ((idle == 2)); then return; fi
  done
  ((SETTLE_TURNS < 240)) || say "$1 was still busy after a minute"
}

prime() { # CONNECTIONS SECONDS : lets just-in-time compilers finish; a saturated core takes them half a minute
  local target kind
  for target in "${targets[@]}"; do
    for kind in $KINDS; do
      say "priming $target $kind"
      load "$target" "$kind" "$1" "$2" >/dev/null
    done
    settle "$target"
  done
}

measure() { # MODE TARGET KIND CONNECTIONS ROUND : the least disturbed of up to TRIES figures
  local try row best=
  for ((try = 1; try <= TRIES; try++)); do
    row=$(figure "$@")
    best=$(jq -cs 'min_by(.foreign)' <<<"$best$row")
    if jq -e ".foreign <= $FOREIGN_PERCENT" >/dev/null <<<"$best"; then break; fi
    if ((try < TRIES)); then say "$2: other processes used $(jq '.foreign | round' <<<"$row") % of a core; measuring again"; fi
  done
  echo "$best" >>"$work/rows.json"
  jq -r '"\(.mode) \(.kind) c\(.conns) round \(.round) \(.target): \(.rps | round) rps, p50 \(.p50_us) us, errors \(.errors), " +
    "idle after \(.settle_s * 10 | round / 10) s, foreign CPU \(.foreign | round) %"' <<<"$best" >&2
}

figure() { # MODE TARGET KIND CONNECTIONS ROUND : one line of JSON
  local gateway=${pid[$2]} lines busy used provider stored drained rss from
  load "$2" "$3" "$4" "$WARMUP" >/dev/null
  settle "$2"
  busy=$(busy_ticks) used=$(cpu_ticks "$gateway") provider=$(cpu_ticks "$mock_pid") stored=$(cpu_ticks $stores $collectors)
  mapfile -t lines < <(load "$2" "$3" "$4" "$DURATION")
  [[ ${#lines[@]} -eq 2 ]] || die "wrk failed on $2: ${lines[*]}"
  busy=$(($(busy_ticks) - busy)) drained=$used used=$(($(cpu_ticks "$gateway") - used))
  provider=$(($(cpu_ticks "$mock_pid") - provider)) stored=$(($(cpu_ticks $stores $collectors) - stored))
  rss=$(rss_kib "$gateway")
  from=${EPOCHREALTIME/./}
  settle "$2"
  drained=$(($(cpu_ticks "$gateway") - drained))
  [[ $gateway != "$mock_pid" ]] || provider=0
  jq -c --arg mode "$1" --arg target "$2" --arg kind "$3" --argjson conns "$4" --argjson round "$5" \
    --argjson hz "$(getconf CLK_TCK)" --argjson busy "$busy" --argjson used "$used" --argjson drained "$drained" --argjson stored "$stored" \
    --argjson provider "$provider" --arg wrk "${lines[1]}" --argjson rss "$rss" --argjson settle_us "$((${EPOCHREALTIME/./} - from))" \
    '{mode: $mode, kind: $kind, conns: $conns, target: $target, round: $round} + . +
     {rps: (.requests / .seconds), errors: (.bad_status + .socket_errors), busy_s: ($used / $hz), cpu_s: ($drained / $hz), rss_mib: ($rss / 1024),
      stores_cpu_s: ($stored / $hz), settle_s: ($settle_us / 1e6),
      foreign_cpu_s: (($busy - $used - $provider - $stored) / $hz - ($wrk | split(" ") | map(tonumber) | add))}
     | .foreign = .foreign_cpu_s / .seconds * 100' <<<"${lines[0]}"
}

series() { # MODE ROUNDS CONNECTIONS... : every target in turn, ROUNDS times over
  local mode=$1 rounds=$2 kind conns round target
  shift 2
  for kind in $KINDS; do
    for conns in "$@"; do
      for ((round = 1; round <= rounds; round++)); do
        for target in "${targets[@]}"; do measure "$mode" "$target" "$kind" "$conns" "$round"; done
      done
    done
  done
}

dialects() { # what a stream of many events and what translating costs; yarp only where it does the same work
  local kind round target with
  for kind in chat messages stream-long messages-long; do
    if [[ $kind == *-long ]]; then with=$LONG_CHUNKS; else with=20; fi
    curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?CHUNKS=$with"
    for ((round = 0; round <= ROUNDS; round++)); do
      for target in "${targets[@]}"; do
        [[ $target == ours || ($target == yarp && $kind != messages*) ]] || continue
        # Round 0 only primes.
        if ((round == 0)); then load "$target" "$kind" "$DIALECT_CONNS" "$WARMUP" >/dev/null; load "$target" "$kind" "$DIALECT_CONNS" "$PRIME" >/dev/null; continue; fi
        measure dialects "$target" "$kind" "$DIALECT_CONNS" "$round"
      done
    done
  done
  curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?CHUNKS=20"
}

# What limits and budgets cost. Two gateways of one build, each with stores' databases and keys of its own, one with limits, take turns on the same core:
# what disturbs the machine for longer than a figure disturbs both of them.
limits() {
  local kind conns round target
  launch_ours limited "$limited_port" limiteddb 1
  add_keys "$LIMIT_KEYS" gatewaydb
  add_keys "$LIMIT_KEYS" limiteddb
  url[unlimited]=${url[ours]} pid[unlimited]=${pid[ours]} key[unlimited]=${key[ours]} model[unlimited]=${model[ours]}
  for target in unlimited limited; do
    keys[$target]=$work/keys headers[$target]=$'x-gateway-feature: search\nx-gateway-agent: helper\nx-gateway-user: anna'
  done
  set_limits limiteddb limited
  # What was spent before new budgets is looked up 5 and 15 s after they began: once in their life, and not what is measured.
  for kind in $KINDS; do
    for target in limited unlimited; do
      load "$target" "$kind" 32 $((PRIME > 18 ? PRIME : 18)) >/dev/null
      settle "$target"
    done
  done
  for kind in $KINDS; do
    for conns in $CONNS; do
      for ((round = 1; round <= LIMIT_ROUNDS; round++)); do in_turn limits "$kind" "$conns" "$round"; done
    done
  done
  curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?LATENCY_MS=$LATENCY_MS&CHUNK_DELAY_MS=$CHUNK_DELAY_MS"
  for ((round = 1; round <= LIMIT_ROUNDS; round++)); do in_turn limits-latency chat "$LAT_CONNS" "$round"; done
  # A provider that always takes as long keeps its callers in step: all of them ask at once, and the last waits for the first. Real ones do not.
  curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?SPREAD_MS=$SPREAD_MS"
  for ((round = 1; round <= LIMIT_ROUNDS; round++)); do in_turn limits-varied chat "$LAT_CONNS" "$round"; done
  curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?LATENCY_MS=0&CHUNK_DELAY_MS=0&SPREAD_MS=0"
}

# What a kept reply costs, and what keeping one does.
caches() {
  local kind conns round target
  launch_ours cached "$cached_port" cacheddb 2
  announce "insert into cache_policies (id, organisation_id, scope_kind, settings, created_at, created_by)
    select gen_random_uuid(), id, 'organisation', '{\"mode\":\"exact\"}', now(), 'load' from organisations" cacheddb
  for target in hit miss; do
    url[$target]=${url[cached]} pid[$target]=${pid[cached]} key[$target]=${key[cached]} model[$target]=${model[cached]} headers[$target]=
  done
  unique[miss]=1
  url[bare]=$mock pid[bare]=$mock_pid key[bare]=x model[bare]=mock-model headers[bare]=
  for kind in $KINDS; do
    for target in miss hit; do
      load "$target" "$kind" 32 "$PRIME" >/dev/null
      settle "$target"
    done
    [[ $(cache_header "$kind") == hit ]] || die "what was asked again is no hit ($kind)"
    for conns in $CACHE_CONNS; do
      for ((round = 1; round <= ROUNDS; round++)); do
        for target in bare hit miss; do measure caches "$target" "$kind" "$conns" "$round"; done
      done
    done
  done
}

cache_header() { # KIND : what the gateway says to the request of chat.lua, asked twice
  local stream=false
  [[ $1 == chat ]] || stream=true
  for _ in 1 2; do
    curl -s --max-time 5 -o /dev/null -D - "${url[cached]}/v1/chat/completions" -H 'content-type: application/json' -H "authorization: Bearer ${key[cached]}" \
      -d '{"model":"'"${model[cached]}"'","messages":[{"role":"user","content":"asked twice"}],"stream":'"$stream"'}' | tr -d '\r' | sed -n 's/^x-gateway-cache: //Ip'
  done | tail -1
}

# What guardrails cost: in throughput, in memory, and in the time until a caller sees something.
screened() {
  local kind conns round target
  launch_ours prompts "$prompts_port" promptsdb 3
  launch_ours replies "$replies_port" repliesdb 4
  # New organisations are born with one for secrets.
  announce "delete from guardrail_policies"
  set_guardrails promptsdb '{"personal_data":{"level":"standard"},"secrets":{"level":"standard"},"prompt_injection":{"level":"standard"}}'
  set_guardrails repliesdb '{"personal_data":{"level":"standard","reply_action":"mask"},"secrets":{"level":"standard","reply_action":"mask"},"prompt_injection":{"level":"standard"},
    "banned_patterns":{"level":"standard","reply_action":"block","words":["never said"]},"content_policy":{"level":"standard","reply_action":"block"}}'
  url[none]=${url[ours]} pid[none]=${pid[ours]} key[none]=${key[ours]} model[none]=${model[ours]} headers[none]=
  for kind in $KINDS; do
    for target in none prompts replies; do
      load "$target" "$kind" 32 "$PRIME" >/dev/null
      settle "$target"
    done
    for conns in $SCREENED_CONNS; do
      for ((round = 1; round <= ROUNDS; round++)); do
        for target in none prompts replies; do measure screened "$target" "$kind" "$conns" "$round"; done
      done
    done
  done
  curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?CHUNKS=$LONG_CHUNKS&CHUNK_DELAY_MS=$CHUNK_DELAY_MS"
  for ((round = 1; round <= ROUNDS; round++)); do
    for target in none prompts replies; do first_token "$target" "$round"; done
  done
  curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?CHUNKS=20&CHUNK_DELAY_MS=0"
}

set_guardrails() { # DATABASE SETTINGS : of the organisation
  announce "insert into guardrail_policies (id, organisation_id, scope_kind, settings, created_at, created_by) select gen_random_uuid(), id, 'organisation', '$2', now(), 'load' from organisations
    on conflict (organisation_id, scope_kind, scope_id) do update set settings = excluded.settings" "$1"
}

first_token() { # TARGET ROUND : median over FIRST_BYTES streams, one after another, until the first text that is not empty; a new connection each
  local i from line
  for ((i = 0; i < FIRST_BYTES; i++)); do
    from=${EPOCHREALTIME/./}
    while IFS= read -r line; do
      [[ $line != *'"content":"'[!\"]* ]] || { echo "$((${EPOCHREALTIME/./} - from))"; break; }
    done < <(curl -sN --max-time 20 -H 'content-type: application/json' -H "authorization: Bearer ${key[$1]}" \
      -d '{"model":"'"${model[$1]}"'","messages":[{"role":"user","content":"hi"}],"stream":true}' "${url[$1]}/v1/chat/completions")
  done | jq -sc --arg target "$1" --argjson round "$2" \
    '{mode: "first_token", kind: "stream", conns: 1, target: $target, round: $round, errors: 0, streams: length, ms: (sort | .[length / 2 | floor] / 1000)}' | tee -a "$work/rows.json" |
    jq -r '"first token round \(.round) \(.target): \(.ms) ms (\(.streams) streams)"' >&2
}

in_turn() { # MODE KIND CONNECTIONS ROUND : each goes first in every other round
  local target order=(unlimited limited)
  (($4 % 2)) || order=(limited unlimited)
  for target in "${order[@]}"; do measure "$1" "$target" "$2" "$3" "$4"; done
}

first_byte() { # TARGET ROUND : median over FIRST_BYTES streams, one after another on a warm connection
  local line args=() urls=() i
  while IFS= read -r line; do [[ ! $line ]] || args+=(-H "$line"); done <<<"${headers[$1]}"
  for ((i = 0; i < FIRST_BYTES; i++)); do urls+=("${url[$1]}/v1/chat/completions"); done
  curl -s --max-time 120 -w '%{stderr}%{http_code} %{time_starttransfer}\n' -H 'content-type: application/json' -H "authorization: Bearer ${key[$1]}" \
    "${args[@]}" -d '{"model":"'"${model[$1]}"'","messages":[{"role":"user","content":"hi"}],"stream":true}' "${urls[@]}" 2>&1 >/dev/null |
    jq -Rsc --arg target "$1" --argjson round "$2" \
      'split("\n") | map(select(length > 0) | split(" ")) as $all
       | {mode: "first_byte", kind: "stream", conns: 1, target: $target, round: $round, errors: ($all | map(select(.[0] != "200")) | length),
          ms: ($all | map(.[1] | tonumber * 1000) | sort | .[length / 2 | floor])}' | tee -a "$work/rows.json" |
    jq -r '"first byte round \(.round) \(.target): \(.ms) ms"' >&2
}

count_records() { # what `ours` recorded in Postgres must be no less than what was answered in the measured time
  local answered records
  settle ours
  answered=$(jq -s 'map(select(.target == "ours") | .requests // 0) | add' "$work/rows.json")
  records=$(sql 'select count(*) from usage_records')
  say "ours: $answered requests measured, $records usage records in Postgres (warm-up and priming included)"
  jq -nc --argjson answered "$answered" --argjson records "$records" '{mode: "records", target: "ours", answered: $answered, records: $records}' >>"$work/rows.json"
}

write_results() {
  rows_done=1
  jq -s --arg date "$(date +%F)" --arg cores "$(nproc)" --arg load_cpus "$LOAD_CPUS" --arg gw_cpus "$GW_CPUS" --arg rounds "$ROUNDS" \
    --arg duration "$DURATION" --arg warmup "$WARMUP" --arg prime "$PRIME" --arg latency "$LATENCY_MS" --arg chunk_delay "$CHUNK_DELAY_MS" \
    --arg commit "$(git -C "$repository" rev-parse --short HEAD 2>/dev/null || true)" \
    '{date: $date, commit: $commit, cores: ($cores | tonumber), load_cpus: $load_cpus, gateway_cpus: $gw_cpus, rounds: ($rounds | tonumber), seconds: ($duration | tonumber),
      warmup_seconds: ($warmup | tonumber), prime_seconds: ($prime | tonumber), latency_ms: ($latency | tonumber), chunk_delay_ms: ($chunk_delay | tonumber),
      runs: .}' "$work/rows.json" >"$OUT/results.json"
}
