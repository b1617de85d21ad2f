#!/usr/bin/env bash
# Run `vetflow ci` and hand its answer to GitHub: annotations, the job's summary, and the decision as an output.
# The exit code is vetflow's: 0 good, 1 something fails, 2 no answer because of the input, 3 could not decide.
set -u

options=()
[ -z "${VETFLOW_BASE:-}" ] || options+=(--base "$VETFLOW_BASE")
[ -z "${VETFLOW_REV:-}" ] || options+=(--rev "$VETFLOW_REV")
while IFS= read -r option; do
  [ -z "$option" ] || options+=("$option")
done <<< "${VETFLOW_OPTIONS:-}"

report="$RUNNER_TEMP/vetflow.json"
markdown="${VETFLOW_SUMMARY:-$RUNNER_TEMP/vetflow.md}"
vetflow ci ${options[@]+"${options[@]}"} --output-format json --output-file "$report"
code=$?
vetflow ci ${options[@]+"${options[@]}"} --output-format github
vetflow ci ${options[@]+"${options[@]}"} --output-format markdown > "$markdown"
[ -s "$markdown" ] || echo "vetflow could not answer (exit code $code); the job's log says why" > "$markdown"
cat "$markdown" >> "$GITHUB_STEP_SUMMARY"
decision=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1])).get("decision", ""))' "$report" || true)
echo "decision=$decision" >> "$GITHUB_OUTPUT"
exit "$code"
