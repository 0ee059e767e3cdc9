#!/usr/bin/env bash
# Tries deploy/nginx.conf as it stands, but for its ports and certificate: a server with an empty school, nginx in front of
# it with a certificate made on the spot, and requests through TLS. Everything is on this machine, in a temporary folder.
# usage: try-nginx.sh FOLDER-WITH-SKOLEBRO-SERVER; needs nginx, openssl and curl.
set -euo pipefail
binaries=$(cd "${1:?give the folder with skolebro-server}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
stop() { [ -f "$work/nginx.pid" ] && kill "$(cat "$work/nginx.pid")" 2>/dev/null; [ -n "${server:-}" ] && kill "$server" 2>/dev/null; rm -rf "$work"; }
trap stop EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

"$binaries/skolebro-server" --data "$work/data" init
"$binaries/skolebro-server" --data "$work/data" --log-level error serve --listen 127.0.0.1:0 --proxies 1 >"$work/ready" &
server=$!
until grep -q ready "$work/ready"; do kill -0 "$server"; done
behind=$(sed 's#.*http://##' "$work/ready")
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=skola.example.se -addext subjectAltName=DNS:skola.example.se \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
port=$(free_port)
sed -e "s#127.0.0.1:8460#$behind#" -e "s#listen 443#listen 127.0.0.1:$port#" \
  -e "s#/etc/letsencrypt/.*fullchain.pem#$work/cert.pem#" -e "s#/etc/letsencrypt/.*privkey.pem#$work/key.pem#" \
  "$here/nginx.conf" >"$work/site.conf"
cat >"$work/nginx.conf" <<CONF
pid $work/nginx.pid;
error_log $work/error.log;
events {}
http { client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s; include $work/site.conf; }
CONF
nginx -v
nginx -t -q -c "$work/nginx.conf"
nginx -c "$work/nginx.conf"
ask() { curl -sS --cacert "$work/cert.pem" --resolve "skola.example.se:$port:127.0.0.1" -o "$work/body.txt" -w '%{http_version} %{http_code}' "$@"; }
want() { [ "$2" = "$3" ] && echo "$1: $2" || { echo "WRONG: $1: $2, not $3"; cat "$work/error.log" "$work/body.txt"; exit 1; }; }
base=https://skola.example.se:$port
until [ -f "$work/nginx.pid" ]; do :; done
want "health, HTTP/2" "$(ask "$base/v1/health")" "2 200"
want "health, HTTP/1.1" "$(ask --http1.1 "$base/v1/health")" "1.1 200"
want "a code that there is not" "$(ask -H 'content-type: application/json' -d '{"protocol":1,"code":"AAAA-AAAA-AAAA","device_name":"x"}' "$base/v1/enrol")" "2 403"
want "a sync without a token" "$(ask -H 'content-type: application/json' -d '{"protocol":1}' "$base/v1/sync")" "2 401"
want "metrics stay inside" "$(ask "$base/metrics")" "2 404"
head -c 1200000 /dev/zero >"$work/large"
want "a body that is too large" "$(ask -H 'content-type: application/json' --data-binary "@$work/large" "$base/v1/enrol")" "2 413"
echo "nginx passes on what it should"
