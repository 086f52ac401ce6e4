// Turns Apex into JavaScript, as far as this package uses the language, so that its tests can run without an org. What a
// member means is decided here, by the names that are in scope; what a platform class does is decided in platform.mjs.
import { ApexParserFactory } from '@apexdevtools/apex-parser'

const kind = (node) => node.constructor.name.replace('Context', '')
const kids = (node) => node.children ?? []
const is = (node, ...kinds) => kinds.includes(kind(node))
const all = (node, name) => kids(node).filter((child) => is(child, name))
const one = (node, name) => kids(node).find((child) => is(child, name))
const words = (node) => kids(node).filter((child) => !child.children).map((child) => child.getText())
const quote = (text) => JSON.stringify(text)

/** Parses a class; what it declares: { name, body, members, inner }. */
export function declared(source) {
    const unit = ApexParserFactory.createParser(source).compilationUnit()
    return describe(one(one(unit, 'TypeDeclaration'), 'ClassDeclaration'), null)
}

function describe(node, outer) {
    const type = { name: one(node, 'Id').getText(), outer, isException: words(node).includes('extends'), fields: new Map(), methods: new Map(), inner: new Map(), blocks: [], constructors: [] }
    type.full = outer ? `${outer.name}.${type.name}` : type.name
    for (const item of all(one(node, 'ClassBody'), 'ClassBodyDeclaration')) {
        const isStatic = all(item, 'Modifier').some((modifier) => modifier.getText() === 'static') || words(item).includes('static')
        const annotations = all(item, 'Modifier').filter((modifier) => modifier.getText().startsWith('@')).map((modifier) => modifier.getText().toLowerCase())
        const block = one(item, 'Block')
        if (block) type.blocks.push(block)
        const member = one(item, 'MemberDeclaration') && kids(one(item, 'MemberDeclaration'))[0]
        if (!member) continue
        if (is(member, 'FieldDeclaration')) {
            for (const variable of all(one(member, 'VariableDeclarators'), 'VariableDeclarator')) {
                type.fields.set(one(variable, 'Id').getText(), { isStatic, type: one(member, 'TypeRef').getText(), initial: kids(variable)[2] })
            }
        } else if (is(member, 'PropertyDeclaration')) {
            const accessor = (name) => all(member, 'PropertyBlock').map((one_) => one(one_, name)).find(Boolean)
            type.fields.set(one(member, 'Id').getText(), { isStatic, type: one(member, 'TypeRef').getText(), getter: accessor('Getter') && one(accessor('Getter'), 'Block') })
        } else if (is(member, 'MethodDeclaration')) {
            const name = one(member, 'Id').getText()
            const parameters = parametersOf(member)
            if (!type.methods.has(name)) type.methods.set(name, [])
            type.methods.get(name).push({ name, isStatic, annotations, parameters, returns: one(member, 'TypeRef')?.getText() ?? 'void', block: one(member, 'Block') })
        } else if (is(member, 'ConstructorDeclaration')) {
            type.constructors.push({ parameters: parametersOf(member), block: one(member, 'Block') })
        } else if (is(member, 'ClassDeclaration')) {
            const inner = describe(member, type)
            type.inner.set(inner.name, inner)
        } else {
            throw new Error(`${type.full}: ${kind(member)} is not translated`)
        }
    }
    return type
}

const parametersOf = (member) => {
    const list = one(one(member, 'FormalParameters'), 'FormalParameterList')
    return list ? all(list, 'FormalParameter').map((parameter) => ({ name: one(parameter, 'Id').getText(), type: one(parameter, 'TypeRef').getText() })) : []
}

/** The name of a method in JavaScript; by the type of what it takes, where that is all that tells two apart. */
function methodName(list, method) {
    const same = list.filter((other) => other.parameters.length === method.parameters.length)
    return `m_${method.name}_${method.parameters.length}${same.length > 1 ? `_${method.parameters[0].type}` : ''}`
}

/**
 * All classes as the body of a function of `$`, the platform. Each call makes them anew. `lines` is filled with the lines
 * that can be run.
 */
export function translate(types, lines = new Set()) {
    const top = new Map(types.map((type) => [type.name, type]))
    const ordered = types.flatMap((type) => [type, ...type.inner.values()])
    return [...ordered.map((type) => new Writer(type, top, lines).classes()), ...ordered.map((type) => new Writer(type, top, lines).statics())].join('\n')
}

class Writer {
    constructor(type, top, lines) {
        Object.assign(this, { type, top, lines, scopes: [new Map()], property: null, isStatic: true, returns: 'void' })
    }

    classes() {
        const { type } = this
        const methods = [...type.methods.values()].flatMap((list) => list.map((method) => `${method.isStatic ? 'static ' : ''}${methodName(list, method)}${this.routine(method)}`))
        const getters = [...type.fields].filter(([, field]) => field.getter).map(([name, field]) => {
            Object.assign(this, { property: name, isStatic: field.isStatic, returns: field.type, scopes: [new Map()] })
            const body = this.block(field.getter)
            this.property = null
            return `${field.isStatic ? 'static ' : ''}get ${name}() ${body}\n${field.isStatic ? 'static ' : ''}set ${name}(value) { this.$${name} = value }`
        })
        Object.assign(this, { isStatic: false, scopes: [new Map()] })
        const initial = [...type.fields].filter(([, field]) => !field.isStatic).map(([name, field]) => `this.${field.getter ? '$' : ''}${name} = ${field.initial ? this.expression(field.initial) : 'null'};`)
        const making = type.constructors.map((made) => `if (given.length === ${made.parameters.length}) (${this.arrow({ ...made, isStatic: false, returns: 'void' })})(...given);`)
        return `$.classes[${quote(type.full)}] = class extends ${type.isException ? '$.ApexException' : '$.ApexObject'} {
            static apexName = ${quote(type.full)}
            constructor(...given) { super(...given); ${initial.join(' ')} ${making.join(' ')} }
            ${getters.join('\n')}
            ${methods.join('\n')}
        }`
    }

    statics() {
        const target = this.own()
        const fields = [...this.type.fields].filter(([, field]) => field.isStatic).map(([name, field]) => `${target}.${field.getter ? '$' : ''}${name} = ${field.initial ? this.one_(field.initial, field.type) : 'null'};`)
        return [...fields, ...this.type.blocks.map((block) => this.block(block))].join('\n')
    }

    own = (type = this.type) => `$.classes[${quote(type.full)}]`

    routine(method) {
        Object.assign(this, { isStatic: method.isStatic, returns: method.returns, scopes: [new Map(method.parameters.map((parameter) => [parameter.name, parameter.type]))] })
        return `(${method.parameters.map((parameter) => `v_${parameter.name}`).join(', ')}) ${this.block(method.block)}`
    }

    arrow(method) {
        const text = this.routine(method)
        const end = text.indexOf(') {') + 1
        return `${text.slice(0, end)} =>${text.slice(end)}`
    }

    within(run) {
        this.scopes.push(new Map())
        const text = run()
        this.scopes.pop()
        return text
    }

    declare = (name, type) => this.scopes.at(-1).set(name, type)
    local = (name) => this.scopes.findLast((scope) => scope.has(name))?.get(name)
    block = (node) => this.within(() => `{ ${all(node, 'Statement').map((statement) => `${this.mark(statement)} ${this.statement(statement)}`).join('\n')} }`)

    /** Notes that a line is run, so that the tests can say how much of the code they reach. */
    mark(node) {
        const line = node.start.line
        this.lines.add(`${this.type.outer?.name ?? this.type.name}:${line}`)
        return `$.reached(${quote(`${this.type.outer?.name ?? this.type.name}:${line}`)});`
    }

    statement(wrapper) {
        const node = is(wrapper, 'Statement') ? kids(wrapper)[0] : wrapper
        const parts = kids(node)
        switch (kind(node)) {
            case 'Block': return this.block(node)
            case 'LocalVariableDeclarationStatement': return `${this.variable(parts[0])};`
            case 'ExpressionStatement': return `${this.expression(parts[0])};`
            case 'ReturnStatement': return parts.length === 3 ? `return ${this.one_(parts[1], this.returns)};` : 'return;'
            case 'ThrowStatement': return `throw ${this.expression(parts[1])};`
            case 'BreakStatement': return 'break;'
            case 'ContinueStatement': return 'continue;'
            case 'IfStatement': {
                const [then, otherwise] = all(node, 'Statement')
                return `if (${this.condition(node)}) ${this.statement(then)}${otherwise ? ` else ${this.statement(otherwise)}` : ''}`
            }
            case 'WhileStatement': return `while (${this.condition(node)}) ${this.statement(one(node, 'Statement'))}`
            case 'ForStatement': return this.within(() => this.loop(node))
            case 'SwitchStatement': return this.choice(node)
            case 'TryStatement': return this.attempt(node)
            case 'RunAsStatement': return `$.runAs(${this.list(one(node, 'ExpressionList'))}, () => ${this.block(one(node, 'Block'))});`
            case 'InsertStatement': case 'UpdateStatement': case 'DeleteStatement':
                return `$.dml(${quote(parts[0].getText())}, ${this.expression(parts.at(-2))});`
            default: throw new Error(`${this.type.full}: ${kind(node)} is not translated`)
        }
    }

    condition = (node) => this.expression(kids(one(node, 'ParExpression'))[1])

    variable(node) {
        const type = one(node, 'TypeRef').getText()
        return all(one(node, 'VariableDeclarators'), 'VariableDeclarator').map((variable) => {
            const initial = kids(variable)[2] ? this.one_(kids(variable)[2], type) : 'null'
            this.declare(one(variable, 'Id').getText(), type)
            return `let v_${one(variable, 'Id').getText()} = ${initial}`
        }).join('; ')
    }

    loop(node) {
        const control = one(node, 'ForControl')
        const each = one(control, 'EnhancedForControl')
        if (each) {
            const name = one(each, 'Id').getText()
            const over = this.expression(kids(each).at(-1))
            this.declare(name, one(each, 'TypeRef').getText())
            return `for (const v_${name} of $.each(${over})) ${this.statement(one(node, 'Statement'))}`
        }
        const begin = this.variable(one(one(control, 'ForInit'), 'LocalVariableDeclaration'))
        const step = this.list(one(one(control, 'ForUpdate'), 'ExpressionList'))
        return `for (${begin}; ${this.expression(kids(control)[2])}; ${step}) ${this.statement(one(node, 'Statement'))}`
    }

    choice(node) {
        const branches = all(node, 'WhenControl').map((control) => {
            const literals = all(one(control, 'WhenValue'), 'WhenLiteral').map((literal) => `chosen === ${this.literal(literal.getText())}`)
            return `${literals.length ? `if (${literals.join(' || ')})` : ''} ${this.block(one(control, 'Block'))}`
        })
        return `{ const chosen = ${this.expression(kids(node)[2])}; ${branches.join(' else ')} }`
    }

    attempt(node) {
        const catches = all(node, 'CatchClause').map((clause) => this.within(() => {
            const name = one(clause, 'Id').getText()
            this.declare(name, 'Exception')
            return `if ($.is(problem, ${quote(this.typeName(one(clause, 'QualifiedName').getText()))})) { const v_${name} = problem; ${this.block(one(clause, 'Block'))} }`
        }))
        const end = one(node, 'FinallyBlock')
        return `try ${this.block(one(node, 'Block'))}
            ${catches.length ? `catch (problem) { ${catches.join(' else ')} else { throw problem } }` : ''}
            ${end ? `finally ${this.block(one(end, 'Block'))}` : ''}`
    }

    /** What is given to something of this type: a query gives its only row to what is no list. */
    one_(node, type) {
        const text = this.expression(node)
        return text.startsWith('$.query(') && !/^(List|Map|Set|Integer|SObject\[)/.test(type) ? `$.only(${text})` : text
    }

    list = (node) => (node ? kids(node).filter((child) => child.children).map((child) => this.expression(child)).join(', ') : '')

    literal(text) {
        if (text.startsWith("'")) return quote(text.slice(1, -1).replace(/\\(.)/g, (_, letter) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter))
        if (/^(true|false|null)$/i.test(text)) return text.toLowerCase()
        return text.replace(/[lLdD]$/, '')
    }

    expression(node) {
        const parts = kids(node)
        const [a, b, c] = parts
        switch (kind(node)) {
            case 'PrimaryExpression': return this.primary(a)
            case 'SubExpression': return `(${this.expression(b)})`
            case 'LogAndExpression': case 'LogOrExpression': case 'CoalExpression': return `(${this.expression(a)} ${b.getText()} ${this.expression(c)})`
            case 'CmpExpression': return `(${this.expression(a)} ${parts.slice(1, -1).map((part) => part.getText()).join('')} ${this.expression(parts.at(-1))})`
            case 'EqualityExpression': return `${b.getText().startsWith('!') ? '!' : ''}$.same(${this.expression(a)}, ${this.expression(c)})`
            case 'Arth1Expression': return b.getText() === '/' ? `$.divided(${this.expression(a)}, ${this.expression(c)})` : `(${this.expression(a)} ${b.getText()} ${this.expression(c)})`
            case 'Arth2Expression': return `(${this.expression(a)} ${b.getText()} ${this.expression(c)})`
            case 'CondExpression': return `(${this.expression(a)} ? ${this.expression(c)} : ${this.expression(parts[4])})`
            case 'NegExpression': case 'PreOpExpression': return `${a.getText()}${this.expression(b)}`
            case 'PostOpExpression': return `${this.expression(a)}${b.getText()}`
            case 'InstanceOfExpression': return `$.is(${this.expression(a)}, ${quote(this.typeName(c.getText()))})`
            case 'CastExpression': return `$.cast(${this.expression(parts[3])}, ${quote(this.typeName(b.getText()))})`
            case 'ArrayExpression': return `$.at(${this.expression(a)}, ${this.expression(c)})`
            case 'NewExpression': return this.making(b)
            case 'AssignExpression': return this.assignment(a, b.getText(), c)
            case 'MethodCallExpression': return this.ownCall(a)
            case 'DotExpression': {
                // After a `?.` that met null, nothing of the rest of the chain is evaluated.
                const chain = this.dot(node)
                return /, true[,)]/.test(chain) ? `$.ended(${chain})` : chain
            }
            default: throw new Error(`${this.type.full}: ${kind(node)} is not translated: ${node.getText()}`)
        }
    }

    primary(node) {
        switch (kind(node)) {
            case 'IdPrimary': return this.named(node.getText())
            case 'LiteralPrimary': return this.literal(node.getText())
            case 'ThisPrimary': return 'this'
            case 'SoqlPrimary': return this.query(one(one(node, 'SoqlLiteral'), 'Query'))
            case 'TypeRefPrimary': return `$.type(${quote(one(node, 'TypeRef').getText())})`
            default: throw new Error(`${this.type.full}: ${kind(node)} is not translated`)
        }
    }

    /** What a bare name means: a variable, a member, a class of ours, or something of the platform. */
    named(name) {
        if (this.local(name)) return `v_${name}`
        for (const type of [this.type, this.type.outer].filter(Boolean)) {
            const field = type.fields.get(name)
            if (field) return `${field.isStatic ? this.own(type) : 'this'}.${this.property === name ? '$' : ''}${name}`
        }
        const found = this.classNamed(name)
        return found ? this.own(found) : `$.type(${quote(name)})`
    }

    classNamed(name) {
        const [first, second] = name.split('.')
        const found = this.type.inner.get(first) ?? this.type.outer?.inner.get(first) ?? this.top.get(first)
        return second ? found?.inner.get(second) : found
    }

    typeName = (name) => this.classNamed(name)?.full ?? name

    dot(node) {
        const parts = kids(node)
        const [left, operator, right] = parts
        const isClass = is(left, 'PrimaryExpression') && is(kids(left)[0], 'IdPrimary') && !this.local(left.getText()) && !this.type.fields.has(left.getText()) && !this.type.outer?.fields.has(left.getText()) ? this.classNamed(left.getText()) : null
        if (isClass) {
            if (is(right, 'DotMethodCall')) return this.staticCall(isClass, one(right, 'AnyId').getText(), one(right, 'ExpressionList'))
            const inner = isClass.inner.get(right.getText())
            return inner ? this.own(inner) : `${this.own(isClass)}.${right.getText()}`
        }
        const nested = is(left, 'DotExpression') ? this.classNamed(left.getText()) : null
        if (nested && is(right, 'DotMethodCall')) return this.staticCall(nested, one(right, 'AnyId').getText(), one(right, 'ExpressionList'))
        const on = is(left, 'DotExpression') ? this.dot(left) : this.expression(left)
        const soft = operator.getText() === '?.' ? ', true' : ', false'
        if (is(right, 'DotMethodCall')) {
            const list = one(right, 'ExpressionList')
            const first = list && kids(list)[0]
            const cast = first && is(first, 'CastExpression') ? `, ${quote(kids(first)[1].getText())}` : ''
            return `$.call(${on}, ${quote(one(right, 'AnyId').getText())}, [${this.list(list)}]${soft}${cast})`
        }
        return `$.get(${on}, ${quote(right.getText())}${soft})`
    }

    staticCall(type, name, list) {
        return `${this.own(type)}.${this.callee(type, name, list)}(${this.list(list)})`
    }

    callee(type, name, list) {
        const given = list ? kids(list).filter((child) => child.children) : []
        const candidates = type.methods.get(name) ?? []
        const fitting = candidates.filter((method) => method.parameters.length === given.length)
        const cast = given[0] && is(given[0], 'CastExpression') ? kids(given[0])[1].getText() : null
        const method = fitting.length > 1 ? fitting.find((one__) => one__.parameters[0].type === cast) : fitting[0]
        if (!method) throw new Error(`${this.type.full}: ${type.full} has no ${name} with ${given.length} arguments`)
        return methodName(candidates, method)
    }

    ownCall(node) {
        const name = (one(node, 'Id') ?? kids(node)[0]).getText()
        const list = one(node, 'ExpressionList')
        for (const type of [this.type, this.type.outer].filter(Boolean)) {
            const methods = type.methods.get(name)
            if (methods) return `${methods[0].isStatic ? this.own(type) : 'this'}.${this.callee(type, name, list)}(${this.list(list)})`
        }
        throw new Error(`${this.type.full}: there is no method ${name}`)
    }

    assignment(left, operator, right) {
        const value = is(left, 'PrimaryExpression') ? this.one_(right, this.local(left.getText()) ?? 'List') : this.expression(right)
        if (is(left, 'PrimaryExpression')) return `${this.named(left.getText())} ${operator} ${value}`
        if (is(left, 'DotExpression')) {
            const found = kids(left)[0].getText()
            const type = !this.local(found) && this.classNamed(found)
            const name = kids(left)[2].getText()
            if (type) return `${this.own(type)}.${name} ${operator} ${value}`
            const on = this.expression(kids(left)[0])
            return operator === '=' ? `$.put(${on}, ${quote(name)}, ${value})` : `$.put(${on}, ${quote(name)}, $.get(${on}, ${quote(name)}) ${operator[0]} ${value})`
        }
        throw new Error(`${this.type.full}: cannot assign to ${left.getText()}`)
    }

    making(creator) {
        const created = one(creator, 'CreatedName').getText()
        const list = one(creator, 'ClassCreatorRest') && one(one(one(creator, 'ClassCreatorRest'), 'Arguments'), 'ExpressionList')
        const literal = one(creator, 'SetCreatorRest')
        const pairs = one(creator, 'MapCreatorRest')
        const generic = /^(List|Set|Map)</.exec(created)?.[1]
        if (pairs) return `$.map([${all(pairs, 'MapCreatorRestPair').map((pair) => `[${this.expression(kids(pair)[0])}, ${this.expression(kids(pair)[2])}]`).join(', ')}])`
        if (literal) return `$.${generic.toLowerCase()}([${this.list(literal)}])`
        if (generic) return `$.${generic.toLowerCase()}(${this.list(list)})`
        const type = this.classNamed(created)
        if (type) return `new ${this.own(type)}(${this.list(list)})`
        const given = list ? kids(list).filter((child) => child.children) : []
        if (/^[A-Z]\w*(__\w+)?$/.test(created) && (given.length === 0 || given.every((one__) => is(one__, 'AssignExpression')))) {
            return `$.make(${quote(created)}, {${given.map((one__) => `${quote(kids(one__)[0].getText())}: ${this.expression(kids(one__)[2])}`).join(', ')}})`
        }
        return `$.make(${quote(created)}, [${this.list(list)}])`
    }

    query(node) {
        const entries = all(one(node, 'SelectList'), 'SelectEntry').map((entry) => entry.getText())
        const where = one(node, 'WhereClause')
        const limit = one(node, 'LimitClause')
        const order = one(node, 'OrderByClause')
        const orders = order ? all(one(order, 'FieldOrderList'), 'FieldOrder').map((field) => [kids(field)[0].getText(), field.getText().toUpperCase().replace(kids(field)[0].getText().toUpperCase(), '').startsWith('DESC')]) : []
        const most = limit ? (one(limit, 'BoundExpression') ? this.expression(kids(one(limit, 'BoundExpression'))[1]) : kids(limit)[1].getText()) : 'Infinity'
        return `$.query({ from: ${quote(one(node, 'FromNameList').getText())}, fields: ${quote(entries)}, where: (row) => ${where ? this.where(kids(where)[1]) : 'true'}, order: ${quote(orders)}, limit: ${most}, locks: ${/FORUPDATE$/i.test(node.getText())} })`
    }

    where(node) {
        const parts = kids(node)
        switch (kind(node)) {
            case 'WhereLogicalExpression': return `(${parts.map((part) => (part.children ? this.where(part) : { AND: '&&', OR: '||' }[part.getText().toUpperCase()])).join(' ')})`
            case 'WhereConditionalExpression': return parts.length === 3 ? `(${this.where(parts[1])})` : this.where(parts[0])
            case 'WhereFieldExpression': return this.where(parts[0])
            case 'FieldExpression': return `$.compares(row, ${quote(parts[0].getText())}, ${quote(parts[1].getText().toUpperCase())}, ${this.bound(parts[2])})`
            default: throw new Error(`${this.type.full}: ${kind(node)} is not translated`)
        }
    }

    bound(node) {
        const expression = one(node, 'BoundExpression')
        if (expression) return this.expression(kids(expression)[1])
        const values = one(node, 'ValueList')
        return values ? `$.list([${all(values, 'Value').map((value) => this.bound(value)).join(', ')}])` : this.literal(node.getText())
    }
}
