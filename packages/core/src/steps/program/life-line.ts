/**
 * What a program is started with, so that it never outlives who started it: the leader of a process group of its own, which ends the whole group when the line on its standard input is cut,
 * as it is by the death of the other side, however that came. Called with a grace in seconds, the program and its arguments; ends with the program's exit code.
 *
 * The leader waits on when the group is told to end, so that what the program ends with is known; a program that has not begun by then never does. The guard holds none of the program's
 * output open.
 */
export const lifeLineScript = `
grace=$1; shift
ended=
trap 'ended=1' TERM
exec 3<&0 </dev/null
(
  trap '' TERM INT HUP
  exec >/dev/null 2>&1
  read -r line <&3
  kill -TERM -$$
  sleep "$grace"
  kill -KILL -$$
) &
guard=$!
code=143
if [ -z "$ended" ]; then
  "$@" 3<&- </dev/null &
  program=$!
  [ -z "$ended" ] || kill -TERM "$program"
  while :; do
    wait "$program"; code=$?
    kill -0 "$program" 2>/dev/null || break
  done
fi
exec 2>/dev/null
kill -KILL "$guard"
wait "$guard"
exit "$code"
`;
