#!/bin/sh
# A DUT adapter in POSIX shell for an agent that is a program on this machine.
#
#   ./adapter.sh PROGRAM [ARGUMENT...]
#
# Only the functions device_... know anything about the agent (here: the options of the reference agent). Change them for yours.

state=${CWMP_DUT_STATE_DIR:-$(mktemp -d)}

# --- the device -------------------------------------------------------------------------------------------------------------

# Switches the device on. A subshell waits for the agent's end, so that we can tell a dead agent from a living one.
device_on() {
  : >"$state/on"
  rm -f "$state/pid"
  (
    CWMP_ACS_PASSWORD=$password \
    CWMP_CONNECTION_REQUEST_PASSWORD=$connectionRequestPassword \
      "$@" --acs-url "$acsUrl" --acs-username "$username" \
      --connection-request-username "$connectionRequestUsername" \
      ${periodicInformInterval:+--periodic-inform-interval "$periodicInformInterval"} \
      ${trustedCaFile:+--trusted-ca "$trustedCaFile"} \
      --state-dir "$state/agent" </dev/null >>"$state/agent.log" 2>&1 &
    echo $! >"$state/pid"
    wait $!
    rm -f "$state/on"
  ) &
  supervisor=$!
}

# Switches the device off: device_off TERM politely, device_off KILL like a power cut.
device_off() {
  [ -n "$supervisor" ] || return 0
  while [ -e "$state/on" ] && [ ! -s "$state/pid" ]; do sleep 1; done
  [ ! -e "$state/on" ] || kill -s "$1" "$(cat "$state/pid")"
  wait "$supervisor"
  supervisor=
}

device_is_alive() {
  [ -e "$state/on" ]
}

# --- the contract -----------------------------------------------------------------------------------------------------------

# The text that the request has under a key. The harness never puts a quote between the quotes of a text.
text() {
  case $line in
    *"\"$1\":\""*) ;;
    *) return ;;
  esac
  rest=${line#*"\"$1\":\""}
  printf '%s' "${rest%%\"*}" | sed -e 's/\\u0022/"/g' -e 's/\\u005c/\\/g'
}

answer() {
  printf '{"id":%s,"answer":%s}\n' "$id" "$1"
}

# Nothing may be left running, whichever way we are told to go.
trap 'device_off KILL; exit 0' TERM INT HUP

while IFS= read -r line; do
  id=${line#'{"id":'}
  id=${id%%,*}
  case $(text request) in
    hello)
      answer '"ok","abilities":"provision alive powerCycle factoryReset readLogs"'
      ;;
    provision)
      acsUrl=$(text acsUrl)
      username=$(text username)
      password=$(text password)
      connectionRequestUsername=$(text connectionRequestUsername)
      connectionRequestPassword=$(text connectionRequestPassword)
      periodicInformInterval=$(text periodicInformInterval)
      trustedCaFile=$(text trustedCaFile)
      device_off TERM
      device_on "$@"
      answer '"ok"'
      ;;
    alive)
      if device_is_alive; then answer '"ok","alive":"yes"'; else answer '"ok","alive":"no"'; fi
      ;;
    powerCycle)
      device_off KILL
      device_on "$@"
      answer '"ok"'
      ;;
    factoryReset)
      device_off TERM
      if rm -rf "$state/agent"; then
        device_on "$@"
        answer '"ok"'
      else
        answer '"failed","reason":"cannot clear the state of the agent"'
      fi
      ;;
    readLogs)
      : >>"$state/agent.log"
      answer "\"ok\",\"file\":\"$state/agent.log\""
      ;;
    stop)
      device_off TERM
      answer '"ok"'
      exit 0
      ;;
    *)
      answer '"unsupported"'
      ;;
  esac
done

# End of the requests without a stop: the harness has gone.
device_off KILL
