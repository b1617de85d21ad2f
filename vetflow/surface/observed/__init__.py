"""What a build did, read from a record of its system calls: from lines of strace to acts that have an author.

`layout` and `decoys` say what the build was shown; `strace_line` reads one line, `births` and `processes` know who is
whose child and for which package cargo started it; `acts` tells what a call was for, `allowed` what a build has to do
anyway; `record` puts it together. Nothing here touches the machine: `project` runs the build, `app.observe` joins both.
"""
