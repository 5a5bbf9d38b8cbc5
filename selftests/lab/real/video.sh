# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# Video over TLS: curl fetches a playlist and, over the same connection, the pieces it names.
real_protocol=tls
real_filter='tcp port 8445'
real_needs='nginx curl'
real_ordinary=yes
video_pieces='1.ts 2.ts 3.ts 4.ts'

real_setup()
{
	mkdir -p "$real_folder/video"
	for video_piece in $video_pieces; do
		head -c 300000 /dev/urandom >"$real_folder/video/$video_piece"
		printf '#EXTINF:4,\n%s\n' "$video_piece"
	done >"$real_folder/video/list.m3u8"
	cat >"$real_folder/nginx.conf" <<-CONF
	user root;
	daemon off;
	pid $real_folder/nginx.pid;
	error_log stderr;
	events { }
	http {
		access_log off;
		client_body_temp_path $real_folder/body;
		proxy_temp_path $real_folder/proxy;
		fastcgi_temp_path $real_folder/fastcgi;
		scgi_temp_path $real_folder/scgi;
		uwsgi_temp_path $real_folder/uwsgi;
		server {
			listen 198.51.100.80:8445 ssl http2;
			ssl_certificate $lab_folder/server.pem;
			ssl_certificate_key $lab_folder/server.key;
			root $real_folder/video;
		}
	}
	CONF
	real_serve nginx -p "$real_folder" -c "$real_folder/nginx.conf"
	real_until test -s "$real_folder/nginx.pid"
}

real_try()
{
	set --
	for video_piece in list.m3u8 $video_pieces; do
		set -- "$@" "https://www.youtube.com:8445/$video_piece"
	done
	[ "$(client curl -sS -4 -m "$real_seconds" "$@" | wc -c)" -eq \
	  "$(cat "$real_folder/video"/* | wc -c)" ]
}
