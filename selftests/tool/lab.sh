#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The lab's scripts, with an ip(8) that does nothing but fail once: whichever call it is that fails,
# the lab is not built and says so. No namespace is made, and none is needed.
# shellcheck disable=SC2016 # what the other shells expand
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
cd "$tmp" || exit 1
# shellcheck source=tap.lib
. "$top/selftests/tool/tap.lib"

# A program's lab is gone when it ends, however it ends: also the namespaces that it made beside it,
# and those whose names it gave to others.
ended()	# COMMAND STATUS
{
	LAB=host sh -c '
		lab_source=$1/selftests/lab
		. "$lab_source/lib.sh"
		lab_build()
		{
			ip netns add "$lab_client" && ip netns add "$lab_censor"
		}
		lab_up
		lab_netns "nfc-$$-more"
		lab_netns "nfc-$$-again" && ip netns del "nfc-$$-again" && lab_netns "nfc-$$-again"
		lab_censor=nfc-$$-more
		ip netns list | grep -c "nfc-$$-" >made
		echo "$lab_folder" >where
		echo $$ >process
		eval "$2"
	' sh "$top" "$1" >out 2>err
	status=$?
	is "ended by $1: there were four namespaces" "$2 4" "$status $(cat made)"
	is "ended by $1: none is left, nor the folder" "" \
		"$(ip netns list | grep "nfc-$(cat process)-"; ls -d "$(cat where)" 2>/dev/null)"
}
if [ "$(id -u)" -eq 0 ] && ip netns add "nfc-$$-try" 2>/dev/null; then
	ip netns del "nfc-$$-try"
	ended 'exit 3' 3
	ended 'lab_fail "it was to"' 1
	ended 'kill -TERM $$; sleep 5' 143
	ended 'kill -HUP $$; sleep 5' 129
else
	skip "a program's namespaces" "it takes root, and a kernel that has namespaces"
fi

mkdir bin folder
# Calls are counted; number $FAILING fails, as an ip -batch with a bad line in it does.
cat >bin/ip <<-'END'
	#!/bin/sh
	calls=$(($(cat "$CALLS") + 1))
	echo $calls >"$CALLS"
	case $* in
	*-batch*|*'netns exec'*) cat >/dev/null ;;
	esac
	[ $calls -ne "$FAILING" ] || { echo "made to fail: ip $*" >&2; exit 1; }
END
printf '#!/bin/sh\n' >bin/tc
for tool in ping dnsmasq nginx openssl; do
	printf '#!/bin/sh\nexit 1\n' >bin/$tool
done
chmod +x bin/*
export CALLS="$tmp/calls" PATH="$tmp/bin:$PATH"

network()	# FAILING
{
	echo 0 >calls
	FAILING=$1 sh -c '
		lab_client=x-client lab_censor=x-censor lab_outside=x-outside
		. "$1/lab/lab.sh"
		lab_say() { echo "$*"; }
		lab_network' sh "$top" >out 2>err
}

network 0
is "all calls succeed: the network is built" "0 " "$? $(cat err)"
calls=$(cat calls)
is "it takes some" yes "$([ "$calls" -ge 10 ] && echo yes)"
for call in $(seq "$calls"); do
	network "$call"
	is "call $call fails: no network" "1 $call" "$? $(cat calls)"
	like "call $call: why" "made to fail" "$(cat err)"
done

echo 0 >calls
: >folder/more
FAILING=1 sh "$top/lab/up" folder >out 2>err
is "up without a network: it fails" 1 $?
like "up: what failed" "made to fail: ip netns add client" "$(cat err)"
like "up: what that means" "lab: the network could not be built" "$(cat err)"

# With all else of the lab in order: what up itself builds for servers.
printf '#!/bin/sh\n' >bin/openssl
up()	# FAILING
{
	echo 0 >calls
	rm -rf folder
	mkdir folder
	echo a.example >folder/more
	echo 1 >folder/nginx.pid
	# ip reads it to the end; who tests this may sit at a terminal.
	FAILING=$1 sh "$top/lab/up" folder </dev/null >out 2>err
}
if [ "$(cat /proc/self/setgroups)" = deny ]; then
	skip "up: servers" "this user namespace keeps dnsmasq from what it does elsewhere"
else
	up 0
	is "up, all calls succeed" "0 " "$? $(cat err)"
	calls=$(cat calls)
	for call in $(seq $((calls - 4)) "$calls"); do
		up "$call"
		is "up, call $call fails: no lab" "1 $call" "$? $(cat calls)"
		like "up, call $call: why" "made to fail" "$(cat err)"
		like "up, call $call: what that means" " servers" "$(tail -n 1 err)"
	done
	up $((calls - 5))
	is "up, the one before was a ping, which is tried again" "0 $((calls + 1))" "$? $(cat calls)"
fi

done_testing
