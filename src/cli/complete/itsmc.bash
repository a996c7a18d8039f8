# Completion of itsmc in bash: itsmc reads the line itself, and quotes what is inserted.
_itsmc() {
    local one
    COMPREPLY=()
    while IFS= read -r one; do
        COMPREPLY+=("$one")
    done < <(ITSMC_COMPLETE=bash itsmc -- "${COMP_LINE:0:COMP_POINT}" "$2" "$COMP_TYPE" 2>/dev/null)
    # What ends so is followed by more without a blank.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
if [[ ${BASH_VERSINFO[0]} -gt 4 || ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 ]]; then
    complete -o bashdefault -o nosort -F _itsmc itsmc
elif [[ ${BASH_VERSINFO[0]} -eq 4 ]]; then
    complete -o bashdefault -F _itsmc itsmc
else
    # It has no compopt.
    complete -o bashdefault -o nospace -F _itsmc itsmc
fi
