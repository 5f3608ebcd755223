#!/usr/bin/env bash
# Plays a working day in minutes through two replicas, and says whether it left everything as it should be.
#
#   tests/Bench/day.sh [REQUESTS [MINUTES]]        default: 600000 requests in 10 minutes, an evening before them, and at most 2.5 minutes until all is copied
#
# A private Postgres and Redis, the mock provider in upstream/, two gateways and a portal (Release) on the cores of this machine, unpinned. day/ furnishes them over the portal's REST API (teams,
# keys, budgets on all scopes, limits, a cache, guardrails), then sends what callers of a day send, without waiting for answers: a quiet night and two peaks; chat and Anthropic's messages, plain and
# streamed; a team whose budget is used up and raised at noon, one that is over its rate at the peaks, one that asks the same again, one whose prompts are masked or refused; callers who leave; a key
# issued and revoked every hour; an hour in which a quarter of the provider's answers are errors, and one in which it is slow. Each simulated hour is one line. At the end PASS or FAIL for
# each of: memory, handles and threads flat; journals empty; one record an answer; counters, ledger and sums equal to the records. FAIL makes the exit code 1.
#
# What is compressed is the traffic: clocks, leases and time-outs run as ever. EVE_HOURS (3) of mean traffic come first, so that hour 0 finds the processes as a day finds them.
# MOCK_PORT (9200) is the first of nine ports. Needs dotnet 10, curl, ss, redis-server and Postgres's server binaries.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
for part in processes stores targets; do source "$here/lib/$part.sh"; done
[[ ${1:-} != -* ]] || { sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed -n 's/^# \{0,1\}//p'; exit 2; }
requests=${1:-600000} minutes=${2:-10}
: "${EVE_HOURS:=3}" "${MOCK_PORT:=9200}" "${LOAD_CPUS:=}" "${GW_CPUS:=}" "${NICE:=}" "${MAX_SECONDS:=$((minutes * 60 + 600))}"

artifacts=$here/artifacts
mkdir -p "$artifacts"
need_for ours
begin_work
for program in upstream day; do build_program "$program"; done
publish "$repository/Gateway" gateway
publish "$repository/Portal" portal
start_mock
start_stores
unset OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY AZURE_OPENAI_API_KEY AZURE_OPENAI_ENDPOINT AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY

token=$(random 24) portal_port=$cached_port
database="Host=127.0.0.1;Port=$postgres_port;Database=gatewaydb;Username=postgres;Password=$postgres_password"
shared=(
  ASPNETCORE_ENVIRONMENT=Production "ConnectionStrings__gatewaydb=$database" "ConnectionStrings__cache=127.0.0.1:$redis_port"
  "Gateway__MasterKey=$(random 32)" Portal__ApiOnly=true "Portal__AdminToken=$token"
)
env -C "$artifacts/portal" "${shared[@]}" "Seed__SimulatorUrl=$mock" timeout 120 dotnet Portal.dll migrate >"$work/migrate.log" 2>&1 || { tail -20 "$work/migrate.log" >&2; die "Portal migrate failed"; }
launch portal "$portal_port" env -C "$artifacts/portal" "${shared[@]}" "ASPNETCORE_URLS=http://127.0.0.1:$portal_port" dotnet Portal.dll
for replica in one two; do
  if [[ $replica == one ]]; then port=$ours_port; else port=$limited_port; fi
  mkdir "$work/data-$replica"
  launch "$replica" "$port" env -C "$artifacts/gateway" "${shared[@]}" "ASPNETCORE_URLS=http://127.0.0.1:$port" "Gateway__DataPath=$work/data-$replica" dotnet Gateway.dll
done
for name in portal one two; do wait_for "${url[$name]}/health/ready" "$name" 60; done

status=0
env "GATEWAYS=${url[one]} ${url[two]}" "GATEWAY_PIDS=${pid[one]} ${pid[two]}" "PORTAL=${url[portal]}" "PORTAL_PID=${pid[portal]}" "ADMIN_TOKEN=$token" "MOCK=$mock" "DATABASE=$database" \
  "REDIS=127.0.0.1:$redis_port" "DATA_FOLDERS=$work/data-one $work/data-two" "REQUESTS=$requests" "HOUR_SECONDS=$(jq -n "$minutes * 60 / 24")" "EVE_HOURS=$EVE_HOURS" \
  dotnet "$artifacts/day/day.dll" || status=$?
# What the processes said of themselves: nothing, if all went well.
for name in one two portal; do
  said=$(grep -cE '(warn|fail|crit):' "$work/$name.log" || true)
  echo "      warnings and errors in the log of $name: $said"
  grep -E '(warn|fail|crit):' "$work/$name.log" | sed -E 's/^[^ ]+ //; s/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+/#/g' | sort | uniq -c | sort -rn | head -8 | cut -c1-300
done
exit "$status"
