#!/usr/bin/env bash
# Starts everything: ./run.sh [--replicas N] [--port-base N] [--data DIR] (docs/operations/local-host.md).
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=.ci/prerequisites.sh
. "$root/.ci/prerequisites.sh"

require_dotnet
if ! uses_containers; then
  missing=()
  has_postgres || missing+=(postgresql)
  has redis-server || missing+=(redis-server)
  install_missing "${missing[@]}"
fi

exec dotnet run --project "$root/AppHost" "$@"
