# Sourced by run.sh and test.sh: checks what the machine has and installs what is missing when it may (root and apt).

say() { printf '%s\n' "$*" >&2; }

give_up() { say "error: $*"; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

has_postgres() { has postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

has_browser() { has chromium || has chromium-browser || has google-chrome || has google-chrome-stable; }

# The same question that AppHost.csproj asks: are the stores containers?
uses_containers() {
  if [[ -n "${Orchestrator:-}" ]]; then
    [[ "$Orchestrator" == aspire ]]
  else
    [[ -n "${ASPIRE_CONTAINER_RUNTIME:-}${DOCKER_HOST:-}" || -e /var/run/docker.sock || -e /run/podman/podman.sock
      || -e "${XDG_RUNTIME_DIR:-/nonexistent}/podman/podman.sock" || -e "${HOME:-/nonexistent}/.docker/run/docker.sock" ]]
  fi
}

require_dotnet() {
  has dotnet || give_up "the .NET SDK is missing: install version 10 (https://dot.net/download) and start again"
}

# install_missing PACKAGE...: all at once, because each run of apt costs seconds.
install_missing() {
  (( $# > 0 )) || return 0
  if [[ "$(id -u)" != 0 ]] || ! has apt-get; then
    give_up "missing: $*. Install them first (Debian and Ubuntu: sudo apt-get install -y $*) and start again"
  fi
  say "installing: $*"
  local log
  log="$(mktemp)"
  local install=(apt-get install -y -qq --no-install-recommends "$@")
  export DEBIAN_FRONTEND=noninteractive
  # A machine's package lists may be missing or old: only then is the update worth its time.
  if ! "${install[@]}" </dev/null >"$log" 2>&1; then
    if ! { apt-get update -qq && "${install[@]}"; } </dev/null >"$log" 2>&1; then
      tail -n 5 "$log" >&2
      give_up "apt could not install: $*. Install them by hand and start again"
    fi
  fi
  rm -f "$log"
}
