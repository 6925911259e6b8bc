# fish completion of machine and docker-machine; load it with:  machine completion fish | source
function __machine_complete
    set -l typed (commandline -opc)
    set -l program (string replace -r '^~(?=/)' $HOME -- $typed[1])
    set -e typed[1]
    command -q -- $program; or set program machine
    set -l raw (commandline -ct)
    set -l current (string unescape -- "$raw" 2>/dev/null; or string replace -ar '[\'"\\\\]' '' -- "$raw")
    set -l directive 0
    for line in (command $program __complete $typed "$current" 2>/dev/null)
        if string match -qr '^:\d+$' -- $line
            set directive (string sub -s 2 -- $line)
        else
            printf '%s\n' $line
        end
    end
    # What follows --flag= is a path of its own.
    set -l head (string match -r '^--[^=]+=' -- "$current")
    set -l path (string replace -r '^--[^=]+=' '' -- "$current")
    set -l paths
    if test (math "bitand($directive, 16)") -ne 0
        set paths (__fish_complete_directories "$path" '')
    else if test (math "bitand($directive, 4)") -eq 0
        set paths (__fish_complete_path "$path")
    end
    for path in $paths
        printf '%s\n' "$head$path"
    end
end
complete -c machine -f -k -a '(__machine_complete)'
complete -c docker-machine -f -k -a '(__machine_complete)'
