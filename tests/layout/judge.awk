# SPDX-License-Identifier: GPL-2.0-only
#
# Judges the layout of one component from the symbols of its objects.
#
#   nm -gAP OBJECT... | awk -f judge.awk -v component=NAME -v objects=FOLDER
#       -v sources=FOLDER -v levels='FOLDER...' -v files='FILE...'
#       -v headers='HEADER...' -v public='HEADER...' -v known='KIND NAME FILE [FILE];...'
#
# A file is FOLDER/NAME, for NAME.c and NAME.h below `sources` and NAME.o below
# `objects`; `headers` are all that are in those folders.  Prints "ok WHAT" or "FAIL
# WHAT" for each rule, and behind a failure each fault with its symbols.

# Faults that are known: forgiven, but each must be one.

function known_faults(    list, n, i, word) {
	n = split(known, list, ";")
	for (i = 1; i <= n; i++)
		if (split(list[i], word, " ") >= 3 && word[2] == component)
			forgiven[word[1] " " word[3] (word[4] ? " " word[4] : "")] = 1
}

function fault(kind, key, text) {
	if ((kind " " key) in forgiven) {
		used[kind " " key] = 1
		return
	}
	faults[kind] = faults[kind] "     " text "\n"
}

function verdict(kind, text) {
	printf "%s %s: %s\n%s", faults[kind] ? "FAIL" : "ok  ", component, text,
		faults[kind]
}

# The graph: which file needs which, for what.

function folder_of(file) {
	return sub("/[^/]*$", "", file) ? file : "."
}

function add_edge(from, to, symbol) {
	if (!((from, to) in need))
		targets[from] = targets[from] " " to
	need[from, to] = need[from, to] (need[from, to] ? ", " : "") symbol
}

function reaches(from, to, seen,    list, n, i) {
	if (from == to)
		return 1
	seen[from] = 1
	n = split(targets[from], list, " ")
	for (i = 1; i <= n; i++)
		if (!(list[i] in seen) && reaches(list[i], to, seen))
			return 1
	return 0
}

# Walks from a file in depth; a file that is still on the path closes a circle.
function walk(file, path,    list, n, i) {
	state[file] = "on the path"
	n = split(targets[file], list, " ")
	for (i = 1; i <= n; i++) {
		if (("circle " file " " list[i]) in forgiven)
			continue
		if (state[list[i]] == "on the path")
			circle(path " " file " " list[i], list[i])
		else if (!state[list[i]])
			walk(list[i], path " " file)
	}
	state[file] = "done"
}

function circle(path, first,    list, n, i, text) {
	n = split(path, list, " ")
	for (i = 1; list[i] != first; i++)
		;
	text = first
	for (; i < n; i++)
		text = text " -> " list[i + 1] " (" need[list[i], list[i + 1]] ")"
	fault("circle", "", text)
}

# A forgiven edge that is in no circle is forgiven for nothing.
function circles(    i, n, list, key, word, seen) {
	for (key in forgiven) {
		split(key, word, " ")
		if (word[1] != "circle" || !((word[2], word[3]) in need))
			continue
		split("", seen)
		if (reaches(word[3], word[2], seen))
			used[key] = 1
	}
	n = split(files, list, " ")
	for (i = 1; i <= n; i++)
		if (!state[list[i]])
			walk(list[i], "")
}

# The levels: a folder may need itself and those before it.

function check_level(from, to, what) {
	if (level[folder_of(to)] > level[folder_of(from)])
		fault("level", folder_of(from) " " folder_of(to), from " needs " to " (" what ")")
}

# What a file declares, for a header: names outside of comments and braces; and what
# it includes.
function read_file(file,    path, line, depth, comment, cplusplus, word, n, i) {
	path = sources "/" file
	while ((getline line < path) > 0) {
		if (line ~ /^#include "/)
			includes(file, line)
		cplusplus = line ~ /^#ifdef __cplusplus/ || cplusplus && line !~ /^#endif/
		if (cplusplus || line ~ /^#/)
			continue
		gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
		if (comment && !sub(/^.*\*\//, "", line))
			continue
		comment = sub(/\/\*.*$/, "", line)
		gsub(/{[^{}]*}/, "", line)
		n = split(line, word, /[^A-Za-z0-9_]+/)
		for (i = 1; !depth && i <= n; i++)
			declared[file, word[i]] = 1
		depth += gsub(/{/, "", line) - gsub(/}/, "", line)
	}
	close(path)
}

# An include of one of the part's own headers.
function includes(from, line,    part, word, to) {
	split(line, part, "\"")
	to = part[2]
	while (sub(/^\.\.\//, "", to))
		;
	if (to !~ /\//)
		to = (folder_of(from) == "." ? "" : folder_of(from) "/") to
	for (word in level)
		if (word ~ "/" folder_of(to) "$")
			to = word substr(to, length(folder_of(to)) + 1)
	if (folder_of(to) in level)
		check_level(from, to, "#include")
	if (from ~ /\.h$/)
		header_needs[from] = header_needs[from] " " to
}

# NAME.h is NAME.c's; one of a family, FAMILY_NAME.c, may be in FAMILY.h.
function has_header(file, symbol,    family, list, n, i) {
	family = file
	sub(/_[^_\/]*$/, "", family)
	if ((file ".h", symbol) in declared || (family ".h", symbol) in declared)
		return 1
	n = split(public, list, " ")
	for (i = 1; i <= n; i++)
		if ((list[i], symbol) in declared)
			return 1
	return 0
}

function check_header(file, symbol) {
	if (!has_header(file, symbol))
		fault("header", file, symbol " of " file ".c is not declared in " file ".h")
}

function read_files(    list, n, i) {
	n = split(headers " " public, list, " ")
	for (i = 1; i <= n; i++)
		read_file(list[i])
	n = split(files, list, " ")
	for (i = 1; i <= n; i++)
		read_file(list[i] ".c")
}

# Headers must not include each other in a circle either.
function walk_header(header, path,    list, n, i) {
	header_state[header] = 1
	path = path header " "
	n = split(header_needs[header], list, " ")
	for (i = 1; i <= n; i++)
		if (header_state[list[i]] == 1)
			fault("include", header, path list[i])
		else if (!header_state[list[i]])
			walk_header(list[i], path)
	header_state[header] = 2
}

function header_circles(    list, n, i) {
	n = split(headers, list, " ")
	for (i = 1; i <= n; i++)
		if (!header_state[list[i]])
			walk_header(list[i], "")
}

BEGIN {
	known_faults()
	n = split(levels, list, " ")
	for (i = 1; i <= n; i++)
		level[list[i]] = i
}

{
	file = substr($1, length(objects) + 2)
	sub(/\.o(\[.*\])?:$/, "", file)
	if ($3 == "U") {
		asked[++nr_asked] = file
		symbol_asked[nr_asked] = $2
	} else if ($3 ~ /^[A-Z]$/) {
		definer[$2] = file
	}
}

END {
	read_files()
	for (i = 1; i <= nr_asked; i++) {
		from = asked[i]
		symbol = symbol_asked[i]
		if (!(symbol in definer) || definer[symbol] == from)
			continue
		to = definer[symbol]
		add_edge(from, to, symbol)
		check_level(from, to, symbol)
		if (!checked[symbol]++)
			check_header(to, symbol)
	}
	circles()
	header_circles()
	verdict("circle", "no file needs one that needs it")
	verdict("include", "no header includes one that includes it")
	verdict("level", "a folder needs only those below it")
	verdict("header", "each file has the header of what it offers")
	for (key in forgiven)
		if (!(key in used))
			fault("known", "", key)
	verdict("known", "what is forgiven is still there")
	if (!nr_asked)
		print "FAIL " component ": it has no symbols"
}
