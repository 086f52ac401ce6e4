// Conditions: what addQuery and encoded queries may say. An operator that is not here is an error, not a match.

const COMPARE = {
    '=': (have, want) => have === want,
    '!=': (have, want) => have !== want,
    '>': (have, want) => have !== '' && order(have, want) > 0,
    '>=': (have, want) => have !== '' && order(have, want) >= 0,
    '<': (have, want) => have !== '' && order(have, want) < 0,
    '<=': (have, want) => have !== '' && order(have, want) <= 0,
    IN: (have, want) => want.split(',').includes(have),
    STARTSWITH: (have, want) => have.startsWith(want),
    ISEMPTY: (have) => have === '',
    ISNOTEMPTY: (have) => have !== '',
}

function order(a, b) {
    const numbers = /^-?\d+$/.test(a) && /^-?\d+$/.test(b)
    return numbers ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0
}

/** Whether a column's text fits. */
export function fits(have, operator, want) {
    const compare = COMPARE[operator]
    if (!compare) throw new Error(`operator ${operator} is not simulated`)
    return compare(have, want)
}

/** An encoded query as a list of groups, all of which must hold, each of alternatives: { field, operator, value }. */
export function decode(query) {
    const groups = []
    for (const part of query.split('^')) {
        if (part === '' || part === 'EQ') continue
        const isOr = part.startsWith('OR')
        const found = /^([a-z_.]+)(ISNOTEMPTY|ISEMPTY|STARTSWITH|!=|>=|<=|=|>|<|IN)(.*)$/.exec(isOr ? part.slice(2) : part)
        if (!found) throw new Error(`the condition ${part} is not simulated`)
        const term = { field: found[1], operator: found[2], value: found[3] }
        if (isOr) groups.at(-1).push(term)
        else groups.push([term])
    }
    return groups
}
