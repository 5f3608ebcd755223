#!/usr/bin/env bash
# Builds and runs all tests: ./test.sh [arguments of dotnet test, for example --filter Keys].
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when tests ran and none failed.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=.ci/prerequisites.sh
. "$root/.ci/prerequisites.sh"

require_dotnet
missing=()
has_postgres || missing+=(postgresql)
has redis-server || missing+=(redis-server)
has_browser || missing+=(chromium)
has node || missing+=(nodejs)
has npm || missing+=(npm)
install_missing "${missing[@]}"
# One test asks a real Prometheus; where there is none to be had, it is skipped.
has prometheus || ( install_missing prometheus ) || say "without prometheus one test is skipped"

# The tests drive the local host, also on a machine that has a container runtime.
export Orchestrator="${Orchestrator:-local}"
# No build process may outlive the run: a CI step ends when its last process does.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
# The tests start hundreds of short-lived processes: measuring for a faster later costs them a quarter of their time and never pays.
export DOTNET_TieredPGO=0
solution="$root/AspireGateway.sln"
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT

# Adds up one attribute of the <Counters .../> elements of all result files.
total() {
  find "$results" -name '*.trx' -exec grep -oh '<Counters [^>]*>' {} + \
    | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

dotnet build "$solution" --nologo -v quiet -clp:NoSummary -p:UseSharedCompilation=false </dev/null
code=$?
if (( code == 0 )); then
  # One project after the other: each runs its own tests in parallel, and the races that some of them time want the cores for themselves.
  dotnet test "$solution" --no-build --nologo -m:1 --logger trx --results-directory "$results" "$@" </dev/null
  code=$?
else
  say "error: the build failed, so no test was run"
fi

passed="$(total passed)"
ran="$(total executed)"
all="$(total total)"
(( code == 0 && all == 0 )) && say "error: no test was run" && code=1
(( ran > passed )) && code=1
echo "$passed passed, $((ran - passed)) failed, $((all - ran)) skipped"
exit "$(( code == 0 ? 0 : 1 ))"
