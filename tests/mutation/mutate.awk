# SPDX-License-Identifier: GPL-2.0-only
#
# Lists every mutant of a C file of the core, one a line:
#
#     FILE <tab> FIRST LINE <tab> NUMBER OF LINES <tab> KIND <tab> NEW TEXT
#
# The new text takes the place of the first of these lines, the others go empty.
# Kinds: comparison, operator, constant, negated, dropped.  What is left out:
# comments, strings, declarations, and what gives the same results however it is
# changed.  That is what only fetches memory ahead of its use (lines with the word
# prefetch, or a call of fetch_SOMETHING, and functions with fetch or look_ahead in
# their name), and what only checks (asserts, and functions named SOMETHING_valid).
#
# The file is taken to be in the project's format: one statement a line, a space on
# either side of an operator, functions that begin and end in the first column.

BEGIN {
	nr_swaps = split("< <=,<= <,> >=,>= >,== !=,!= ==", comparison, ",")
	for (i = 1; i <= nr_swaps; i++)
		add_swap(comparison[i], "comparison")
	n = split("+ -,- +,* /,/ *,% /,& |,| &,^ &,<< >>,>> <<,&& ||,|| &&," \
		  "+= -=,-= +=,|= &=,&= |=,^= |=", operator, ",")
	for (i = 1; i <= n; i++)
		add_swap(operator[i], "operator")
}

function add_swap(pair, kind,  two)
{
	split(pair, two, " ")
	from[++swaps] = " " two[1] " "
	to[swaps] = " " two[2] " "
	kind_of[swaps] = kind
}

# The line without comments and what is in quotes, as long as it was.
function only_code(line,  out, i, c, quote)
{
	out = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (in_comment) {
			if (substr(line, i, 2) == "*/") {
				in_comment = 0
				out = out " "
				i++
			}
			c = " "
		} else if (quote) {
			if (c == quote)
				quote = ""
			c = "_"
		} else if (substr(line, i, 2) == "/*") {
			in_comment = 1
			c = " "
		} else if (c == "\"" || c == "'") {
			quote = c
			c = "_"
		}
		out = out c
	}
	return out
}

{
	text[NR] = $0
	code[NR] = only_code($0)
}

function emit(line, count, kind, new)
{
	sub(/[ \t]+$/, "", new)
	if (new != text[line])
		printf "%s\t%d\t%d\t%s\t%s\n", FILENAME, line, count, kind, new
}

# @length characters of line @i from @at on become @new.
function change(i, at, length_, new, kind)
{
	emit(i, 1, kind, substr(text[i] "  ", 1, at - 1) new \
	     substr(text[i] "  ", at + length_))
}

function swap_operators(i,  s, at, line, found)
{
	line = code[i] " "
	for (s = 1; s <= swaps; s++)
		for (at = 1; (found = index(substr(line, at), from[s])); at++) {
			at += found - 1
			change(i, at, length(from[s]), to[s], kind_of[s])
		}
}

function swap_words(i, pattern, new, kind,  at, line)
{
	line = code[i]
	at = 1
	while (match(substr(line, at), pattern)) {
		at += RSTART - 1
		change(i, at, RLENGTH, new, kind)
		at += RLENGTH
	}
}

function drop_nots(i,  at)
{
	for (at = 1; at < length(code[i]); at++)
		if (substr(code[i], at, 2) ~ /![a-z(]/)
			change(i, at, 1, "", "negated")
}

function change_constants(i,  at, line, number, digits, tail)
{
	line = code[i]
	at = 1
	while (match(substr(line, at), /[A-Za-z0-9_]+/)) {
		at += RSTART - 1
		number = substr(line, at, RLENGTH)
		if (number ~ /^[0-9]+u?l*$/) {
			digits = number
			sub(/[ul]+$/, "", digits)
			tail = substr(number, length(digits) + 1)
			change(i, at, RLENGTH, digits + 1 tail, "constant")
			if (digits > 0)
				change(i, at, RLENGTH, digits - 1 tail, "constant")
		} else if (number ~ /^0x[0-9a-f]+u?l*$/) {
			change(i, at, RLENGTH, "(" number " + 1)", "constant")
			change(i, at, RLENGTH, "(" number " - 1)", "constant")
		}
		at += length(number)
	}
}

# Where the bracket ends that opens at @at, or 0: not on this line.
function closing(line, at,  depth, c)
{
	for (depth = 0; at <= length(line); at++) {
		c = substr(line, at, 1)
		depth += (c == "(") - (c == ")")
		if (!depth)
			return at
	}
	return 0
}

function negate(i,  at, end)
{
	if (!match(code[i], /(if|while) \(/))
		return
	at = RSTART + RLENGTH - 1
	end = closing(code[i], at)
	if (end)
		change(i, at, end - at + 1, "(!" substr(text[i], at, end - at + 1) ")", \
		       "negated")
}

function begins_statement(i,  before)
{
	for (before = i - 1; before > 0 && code[before] ~ /^[ \t]*$/; before--)
		;
	return code[before] ~ /([;{}:]|\)|else)[ \t]*$/ &&
		code[i] ~ /^\t+[a-z_*(+-]/ &&
		code[i] !~ /^\t+(if|for|while|switch|do|else|case|default)([ :(]|$)/ &&
		code[i] !~ /^\t+(struct|enum|const|static|bool|int|void|char|size_t|uint[0-9]+_t) /
}

function drop(i,  last, depth, line, indent)
{
	if (!begins_statement(i))
		return
	for (last = i; last < i + 8 && last <= NR; last++) {
		line = code[last]
		depth += gsub(/\(/, "(", line) - gsub(/\)/, ")", line)
		if (!depth && line ~ /;[ \t]*$/)
			break
	}
	if (last == i + 8 || last > NR)
		return
	match(text[i], /^\t+/)
	indent = substr(text[i], 1, RLENGTH)
	emit(i, last - i + 1, "dropped", indent ";")
}

function mutate(i)
{
	swap_operators(i)
	swap_words(i, "\\+\\+", "--", "operator")
	swap_words(i, "--", "++", "operator")
	drop_nots(i)
	swap_words(i, "true", "false", "constant")
	swap_words(i, "false", "true", "constant")
	change_constants(i)
	if (code[i] !~ /^#/) {
		negate(i)
		drop(i)
	}
}

END {
	for (i = 1; i <= NR; i++) {
		if (code[i] ~ /^[a-z].*\(/ || code[i] ~ /^[a-z_]+\(/)
			header = code[i]
		if (code[i] ~ /^{/)
			inside = header !~ /fetch|look_ahead|_valid\(/
		if (code[i] ~ /^}/)
			inside = 0
		if (code[i] ~ /prefetch|[^a-z]fetch_[a-z]*\(|hec_env_assert/)
			continue
		if (inside || code[i] ~ /^#define [A-Z_0-9]+(\([a-z, ]*\))?[ \t]/)
			mutate(i)
	}
}
