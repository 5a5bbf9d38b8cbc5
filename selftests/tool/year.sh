#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# policies/cn-2017.policy, phase by phase: which of its rules recorded conversations meet.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

policy=$top/policies/cn-2017.policy
captures=$top/selftests/captures

# Rules that match a capture in a phase.
rules()	# PHASE CAPTURE
{
	"$censorctl" explain -j --phase "$1" "$policy" "$2" |
		grep '"field"' | sed -n 's/.*"rule":"\([^"]*\)".*/\1/p' | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# meets NAME RULES CAPTURE PHASE...: the rules in these phases, none in all others
meets()
{
	what=$1
	wanted=$2
	capture=$3
	shift 3
	got=
	want=
	for phase in spring july august disrupted september congress winter slowed crackdown; do
		got="$got$phase: $(rules $phase "$capture")
"
		case " $* " in
		*" $phase "*) want="$want$phase: $wanted
" ;;
		*) want="$want$phase: 
" ;;
		esac
	done
	is "$what" "$want" "$got"
}

"$censorctl" check "$policy" >checked 2>&1
is "nothing is wrong with it, or to be warned of" 1 "$(wc -l <checked)"

# Tossed for, in the phase disrupted: another test has that.
noise()	# NAME CAPTURE
{
	is "$1: in September" noise "$(rules september "$2")"
	is "$1: not in July" "" "$(rules july "$2")"
	is "$1: not in August" "" "$(rules august "$2")"
	is "$1: at the congress" noise "$(rules congress "$2")"
	is "$1: after it" noise "$(rules winter "$2")"
}
noise "Noise" "$captures/whatsapp-noise.pcap"
noise "Noise behind a preamble" "$captures/whatsapp-routing.pcap"

capture call <<'END'
flow c udp 192.0.2.10:40001 198.51.100.168:45395
c > hex 000300082112a442010203040506070809101112400000040a0b0c0d
END
is "a call of WhatsApp's: in July" calls "$(rules july call.pcap)"
is "a call of WhatsApp's: not in August" "" "$(rules august call.pcap)"
meets "somebody else's call: never" "" "$captures/coturn.pcap"
meets "DTLS: never" "" "$captures/dtls.pcap"

capture photo <<'END'
flow p tcp 192.0.2.10:40002 198.51.100.168:443
p > S
p < SA
p > PA tls mmg.whatsapp.net
END
is "a photo: in July" media "$(rules july photo.pcap)"
is "a photo: not in August" "" "$(rules august photo.pcap)"
is "a photo: in September" media "$(rules september photo.pcap)"

for tunnel in openvpn-udp openvpn-tcp openvpn-auth openvpn-crypt; do
	meets "$tunnel" openvpn "$captures/$tunnel.pcap" crackdown congress
done
meets "wireguard" wireguard "$captures/wireguard.pcap" crackdown congress
meets "IKE" ipsec "$captures/strongswan-ike.pcap" crackdown congress
meets "IKE and ESP in UDP" ipsec "$captures/strongswan-natt.pcap" crackdown congress
meets "L2TP" ipsec "$captures/xl2tpd.pcap" crackdown congress
meets "PPTP" pptp "$captures/pptp.pcap" crackdown congress
meets "SSH: never" "" "$captures/ssh.pcap"
meets "Shadowsocks outside of the hosters' addresses: never" "" "$captures/shadowsocks.pcap"

capture words <<'END'
flow a tcp 192.0.2.10:40003 198.51.100.141:80
a > S
a < SA
a > PA http www.example.com /search?q=%E5%85%AD%E5%9B%9B
END
is "a word, escaped, in UTF-8" words "$(rules spring words.pcap)"
capture gb18030 <<'END'
flow a tcp 192.0.2.10:40003 198.51.100.141:80
a > S
a < SA
a > PA http www.example.com /search?q=%C1%F9%CB%C4
END
is "a word, escaped, in GB 18030" words "$(rules winter gb18030.pcap)"

done_testing
