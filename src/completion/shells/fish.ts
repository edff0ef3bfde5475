// Completion for fish.

/** For ~/.config/fish/completions/gomodcache.fish. */
export const fish = `# fish completion for gomodcache. Load it with: gomodcache completion fish | source
function __gomodcache_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '.*/' '' -- $words[1])
    set -e words[1]
    set -l skipped 1
    if test "$program" = gomodcache-init
        set words init $words
        set skipped 0
    end
    set -l current (commandline -ct)
    # Quotes and ~ are the shell's.
    set -l lines (command gomodcache complete -- $words "$current" 2>/dev/null)
    set -l kind $lines[1]
    set -e lines[1]
    printf '%s\\n' $lines
    set -l value (string replace -r '^--[^=]*=' '' -- $current)
    set -l prefix (string sub -l (math (string length -- "$current") - (string length -- "$value")) -- "$current")
    switch "$kind"
        case files
            printf "$prefix%s\\n" (__fish_complete_path "$value")
        case directories
            printf "$prefix%s\\n" (__fish_complete_directories "$value" directory)
        case users
            printf "$prefix%s\\n" (__fish_complete_users)
        case groups
            printf "$prefix%s\\n" (__fish_complete_groups)
        case 'command *'
            set -l before (math (string replace 'command ' '' -- $kind) + $skipped)
            set -l line (commandline -opc) $current
            set -e line[1..$before]
            complete -C (string join ' ' -- $line)
    end
end
complete -c gomodcache -f -k -a '(__gomodcache_complete)'
complete -c gomodcache-init -f -k -a '(__gomodcache_complete)'
`;
