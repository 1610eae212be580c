import { awk } from './awk'
import { base64, cut, tr } from './bytes'
import { date } from './date'
import { basename, cat, dirname, ls, mkdir, mkfifo, rm, tee, touch } from './files'
import { grep } from './grep'
import { jq } from './jq'
import { head, nl, paste, rev, sort, tail, uniq, wc } from './lines'
import { expr, seq, yes } from './numbers'
import { sed } from './sed'
import type { Utility } from './utility'

/** The programs that this engine has itself, by name. */
export const UTILITIES: ReadonlyMap<string, Utility> = new Map(
  Object.entries({
    awk,
    base64,
    basename,
    cat,
    cut,
    date,
    dirname,
    expr,
    grep,
    egrep: grep,
    gawk: awk,
    head,
    jq,
    ls,
    mawk: awk,
    mkdir,
    mkfifo,
    nl,
    paste,
    rev,
    rm,
    sed,
    seq,
    sort,
    tail,
    tee,
    touch,
    tr,
    uniq,
    wc,
    yes,
  }),
)
