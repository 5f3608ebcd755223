# The provider and the gateways that are measured. Sourced by load.sh.

publish() { # PROJECT-FOLDER NAME
  say "building $2"
  dotnet publish "$1" -c Release --artifacts-path "$artifacts/build" -o "$artifacts/$2" -v q >"$work/$2-build.log" 2>&1 9>&- ||
    { grep -E 'error|warn' "$work/$2-build.log" | sort -u | head -20 >&2; die "$2 does not build"; }
}

build_program() { publish "$here/$1" "$1"; }

start_mock() {
  free_port "$MOCK_PORT"
  spawn upstream "$LOAD_CPUS" env PORT="$MOCK_PORT" DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1 dotnet "$artifacts/upstream/upstream.dll"
  mock_pid=$!
  wait_for "$mock/health" upstream
}

launch() { # NAME PORT COMMAND... : starts a gateway on the gateway cores
  local name=$1 port=$2
  shift 2
  free_port "$port"
  spawn "$name" "$GW_CPUS" "$@"
  pid[$name]=$! url[$name]=http://127.0.0.1:$port
  started+=("$!")
}

gateway_cores() { if [[ $GW_CPUS ]]; then taskset -c "$GW_CPUS" nproc; else nproc; fi; }

add_target() {
  local name=${1%%=*}
  key[$name]=x model[$name]=mock-model headers[$name]=
  case $1 in
    direct) url[direct]=$mock pid[direct]=$mock_pid ;; # its figures are the provider's own
    nginx) add_nginx ;;
    yarp)
      build_program yarp
      launch yarp "$yarp_port" env PORT="$yarp_port" UPSTREAM="$mock" dotnet "$artifacts/yarp/yarp.dll"
      ;;
    portkey) add_portkey ;;
    ours) add_ours ;;
    *=*) adopt "$name" "${1#*=}" ;;
    *) die "unknown target '$1'" ;;
  esac
  targets+=("$name")
}

add_nginx() {
  sed -e "s|@WORK@|$work|; s|@USER@|$(id -un)|; s|@WORKERS@|$(gateway_cores)|; s|@PORT@|$nginx_port|" \
    -e "s|@UPSTREAM@|127.0.0.1:$MOCK_PORT|" "$here/nginx.conf" >"$work/nginx.conf"
  launch nginx "$nginx_port" nginx -e "$work/nginx-error.log" -c "$work/nginx.conf"
}

add_portkey() {
  local folder=$artifacts/portkey-$PORTKEY_VERSION package
  package=$folder/node_modules/@portkey-ai/gateway
  if [[ ! -f $package/build/start-server.js ]]; then
    say "installing portkey $PORTKEY_VERSION into $folder"
    # Its streaming fails with @hono/node-server >= 1.14.2 (Portkey-AI/gateway issue 1389).
    mkdir -p "$folder"
    echo '{"overrides": {"@hono/node-server": "1.14.1"}}' >"$folder/package.json"
    timeout 300 npm install --prefix "$folder" --no-audit --no-fund "@portkey-ai/gateway@$PORTKEY_VERSION" \
      >"$work/portkey-install.log" 2>&1 9>&- || { tail -5 "$work/portkey-install.log" >&2; die "npm install of portkey failed"; }
  fi
  headers[portkey]="x-portkey-provider: openai"$'\n'"x-portkey-custom-host: $mock/v1"
  launch portkey "$portkey_port" env NODE_ENV=production node "$package/build/start-server.js" --headless "--port=$portkey_port"
}

add_ours() {
  publish "$repository/Gateway" gateway
  publish "$repository/Portal" portal
  start_stores
  # Provider keys of the one who runs this must not become deployments.
  unset OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY AZURE_OPENAI_API_KEY AZURE_OPENAI_ENDPOINT AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
  launch_ours ours "$ours_port" gatewaydb 0
}

launch_ours() { # NAME PORT DATABASE REDIS-DATABASE [SETTING=VALUE...] : a gateway with stores of its own
  local name=$1 shared
  key[$name]=agw-$(random 24 | tr '+/' '-_') model[$name]=demo-small headers[$name]=
  shared=(
    ASPNETCORE_ENVIRONMENT=Production
    "ConnectionStrings__gatewaydb=Host=127.0.0.1;Port=$postgres_port;Database=$3;Username=postgres;Password=$postgres_password"
    "ConnectionStrings__cache=127.0.0.1:$redis_port,defaultDatabase=$4"
    "Gateway__MasterKey=$(random 32)"
  )
  env -C "$artifacts/portal" "${shared[@]}" "Seed__SimulatorUrl=$mock" "Seed__DemoKey=${key[$name]}" timeout 120 dotnet Portal.dll migrate \
    >"$work/migrate.log" 2>&1 9>&- || { tail -20 "$work/migrate.log" >&2; die "Portal migrate failed"; }
  mkdir -p "$work/data-$name"
  launch "$name" "$2" env -C "$artifacts/gateway" "${shared[@]}" "ASPNETCORE_URLS=http://127.0.0.1:$2" \
    "Gateway__DataPath=$work/data-$name" "${@:5}" dotnet Gateway.dll
  wait_for "${url[$name]}/health/ready" "$name" 30
}

adopt() { # NAME URL : a gateway someone else started; found by its port, moved to the gateway cores
  url[$1]=${2%/}
  pid[$1]=$(pid_on_port "$(port_of "$2")")
  [[ ${pid[$1]} ]] || die "no process found that listens on the port of $2 ($1)"
  [[ ! $GW_CPUS ]] || taskset -acp "$GW_CPUS" "${pid[$1]}" >/dev/null
}

check() { # one plain and one streamed request must come back whole
  local name=$1 kind stream want reply port line args=()
  while IFS= read -r line; do [[ ! $line ]] || args+=(-H "$line"); done <<<"${headers[$name]}"
  port=$(port_of "${url[$name]}")
  for _ in {1..100}; do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done
  for kind in chat stream; do
    if [[ $kind == stream ]]; then stream=true want='data: [DONE]'; else stream=false want='"total_tokens"'; fi
    reply=$(curl -s --max-time 10 "${url[$name]}/v1/chat/completions" -H 'content-type: application/json' \
      -H "authorization: Bearer ${key[$name]}" "${args[@]}" \
      -d '{"model":"'"${model[$name]}"'","messages":[{"role":"user","content":"hi"}],"stream":'"$stream"'}') || true
    [[ $reply == *"$want"* ]] || { tail -5 "$work/$name.log" >&2; die "$name fails the $kind check: ${reply:0:300}"; }
  done
}
