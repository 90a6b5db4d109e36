import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request } from 'express'
import express from 'express'
import fastify, { type FastifyRequest } from 'fastify'
import Koa from 'koa'
import { z } from 'zod'
import { createRails, type RequestSession } from '../../index.ts'
import { railsSession as forExpress } from '../../src/adapters/express.ts'
import { railsSession as forFastify } from '../../src/adapters/fastify.ts'
import { railsSession as forKoa } from '../../src/adapters/koa.ts'
import { fromNode } from '../../src/adapters/node.ts'
import type { Equals } from './equals.ts'

/** Fails to compile unless its argument is `true`. */
declare function check<T extends true>(): T

const secretKeyBase = 'x'.repeat(64)
const untyped = createRails({ secretKeyBase })
const typed = createRails({ secretKeyBase, schema: z.object({ user_id: z.number() }) })
declare const request: IncomingMessage
declare const response: ServerResponse

// By the schema, where the application is at hand.
const session = fromNode(typed, request, response, { trustProxy: true, onError: (error) => void error })
check<Equals<typeof session, RequestSession<{ user_id: number }>>>()
fromNode(untyped, request, response, {})
// @ts-expect-error: no such option
fromNode(untyped, request, response, { trustproxy: true })
// @ts-expect-error: no such word
fromNode(untyped, request, response, { publicResponses: 'never' })
// @ts-expect-error: no application
fromNode(createRails, request, response)

// By augmentation of RailsSessionData, where the framework makes the request.
check<Equals<Request['railsSession'], RequestSession>>()
check<Equals<FastifyRequest['railsSession'], RequestSession>>()
check<Equals<Koa.Context['railsSession'], RequestSession>>()

const byExpress = express()
byExpress.use(forExpress(untyped), forExpress(typed, { as: 'other', publicResponses: 'write' }))
byExpress.get('/', forExpress(typed), (incoming, outgoing) => outgoing.json(incoming.railsSession.get('a')))
express.Router().use(forExpress(untyped))
// @ts-expect-error: no application
forExpress({})
// @ts-expect-error: no such option
forExpress(untyped, { rails: untyped })

const byFastify = fastify()
byFastify.register(forFastify, { rails: untyped })
byFastify.register(forFastify, { rails: typed, as: 'other', publicResponses: 'skip', logLevel: 'warn' })
byFastify.get('/', async (incoming) => incoming.railsSession.get('a'))
// @ts-expect-error: no application
byFastify.register(forFastify, {})
// @ts-expect-error: no such option
byFastify.register(forFastify, { rails: untyped, name: 'other' })

const byKoa = new Koa()
byKoa.use(forKoa(untyped))
byKoa.use(forKoa(typed, { as: 'other' }))
byKoa.use((context) => {
  check<Equals<typeof context.railsSession, RequestSession>>()
})
// @ts-expect-error: no application
forKoa(undefined)
