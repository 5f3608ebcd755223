# What telling costs: a gateway that tells nothing beside ones that tell everything. Sourced by load.sh.

declare -A lines_of
receiver_pid= prometheus_pid=

# telemetry_settings NAME : the environment of a gateway that tells
#   all    OTLP of traces, metrics with exemplars and logs as they are by default; a line for each request; scraped by Prometheus
#   every  the same, and every request is traced
#   figures  the same, and none is traced
#   lines  only the line for each request
telemetry_settings() {
  local name=$1 otlp
  otlp=(
    "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$receiver_port" OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf "OTEL_SERVICE_NAME=$name"
    OTEL_METRICS_EXEMPLAR_FILTER=trace_based OTEL_METRIC_EXPORT_INTERVAL=10000
  )
  printf '%s\n' "Gateway__RequestLog__Path=$work/$name.requests"
  case $name in
    all) printf '%s\n' "${otlp[@]}" ;;
    every) printf '%s\n' "${otlp[@]}" OTEL_TRACES_SAMPLER=always_on ;;
    figures) printf '%s\n' "${otlp[@]}" OTEL_TRACES_SAMPLER=always_off ;;
    lines) ;;
    *) die "TELEMETRY may hold: all every figures lines" ;;
  esac
}

start_receiver() {
  build_program receiver
  free_port "$receiver_port"
  spawn receiver "$LOAD_CPUS" env PORT="$receiver_port" dotnet "$artifacts/receiver/receiver.dll"
  receiver_pid=$!
  started+=("$!")
  wait_for "http://127.0.0.1:$receiver_port/health" receiver
}

start_prometheus() { # PORT... : scrapes the gateways on these ports
  local targets
  targets=$(printf '"127.0.0.1:%s",' "$@")
  printf 'global: {scrape_interval: %s}\nscrape_configs: [{job_name: gateway, static_configs: [{targets: [%s]}]}]\n' "$SCRAPE_EVERY" "${targets%,}" >"$work/prometheus.yml"
  free_port "$prometheus_port"
  spawn prometheus "$LOAD_CPUS" prometheus "--config.file=$work/prometheus.yml" "--storage.tsdb.path=$work/data-prometheus" "--web.listen-address=127.0.0.1:$prometheus_port" --log.level=error
  prometheus_pid=$!
  started+=("$!")
  wait_for "http://127.0.0.1:$prometheus_port/-/ready" prometheus 30
}

telemetry() {
  local kind conns round target settings port=$telemetry_port database=5 ports=() order
  command -v prometheus >/dev/null || die "missing: prometheus"
  start_receiver
  for target in $TELEMETRY; do
    mapfile -t settings < <(telemetry_settings "$target")
    launch_ours "$target" "$port" "told_$target" "$database" "${settings[@]}"
    ports+=("$port") port=$((port + 1)) database=$((database + 1))
  done
  start_prometheus "${ports[@]}"
  collectors="$receiver_pid $prometheus_pid"
  # Several gateways that look after themselves on one Postgres are never as idle as one: four seconds copy what is in the journal.
  SETTLE_TURNS=12
  url[silent]=${url[ours]} pid[silent]=${pid[ours]} key[silent]=${key[ours]} model[silent]=${model[ours]} headers[silent]=
  for kind in $KINDS; do
    for target in silent $TELEMETRY; do load "$target" "$kind" 32 "$PRIME" >/dev/null; settle "$target"; done
  done
  for kind in $KINDS; do
    for conns in $CONNS; do
      for ((round = 1; round <= TELEMETRY_ROUNDS; round++)); do
        # Which goes first changes.
        order="silent $TELEMETRY"
        ((round % 2)) || order=$(tr ' ' '\n' <<<"$order" | tac | tr '\n' ' ')
        for target in $order; do measure telemetry "$target" "$kind" "$conns" "$round"; done
      done
    done
  done
  # The last interval of metrics.
  sleep 11
  for target in $TELEMETRY; do told "$target" >>"$work/rows.json"; done
}

told() { # TARGET : what came of it at the receiver, in the log and at Prometheus
  local scraped lost
  scraped=$(curl -s --max-time 5 "http://127.0.0.1:$prometheus_port/api/v1/query" --data-urlencode "query=count_over_time(llm_config_revision{instance=\"${url[$1]#http://}\"}[1h])" | jq -r '.data.result[0].value[1] // 0')
  lost=$(curl -s --max-time 5 "${url[$1]}/metrics" | awk '/^llm_request_log_lost_total/ { sum += $2 } END { print sum + 0 }')
  curl -s --max-time 5 "http://127.0.0.1:$receiver_port/counts?service=$1" |
    jq -c --arg target "$1" --argjson scrapes "$scraped" --argjson lost "$lost" --argjson lines "$(cat "$work/$1.requests"* | wc -l)" '{mode: "told", target: $target, scrapes: $scrapes, request_lines: $lines, request_lines_lost: $lost} + .'
}
