import { checkScores } from '../api/check-scores.ts'
import type { ModelRequest } from '../api/types.ts'
import { errorFromTimeout } from '../errors/create.ts'
import type { Middleware, MiddlewareResponse } from '../options/middleware.ts'
import { property } from '../shared/property.ts'
import type { CallContext } from './context.ts'
import { createTimer } from './timeout.ts'

/** A logical request, as its caller sees it. */
export type Send = (request: ModelRequest, context: CallContext) => Promise<MiddlewareResponse>

/** Puts middlewares around a request, the first one outermost. What each gives back is checked. */
export function compose(use: readonly Middleware[], send: Send): Send {
  return use.reduceRight<Send>(
    (inner, middleware, place) => (request, context) => {
      // Not the settings, which hold the key: a middleware may log all that it is given.
      const { settings, redact, ...shown } = context
      return untilDeadline(
        async () => {
          const response = await middleware(
            request,
            (changed, over) =>
              inner({ ...changed, model: changed.model ?? request.model }, { ...context, ...over }),
            { ...shown, mask: redact.text, fallback: property(settings, 'fallback') },
          )
          try {
            checkScores(property(response, 'body'), { documents: request.documents.length, isLimited: true })
          } catch (error) {
            throw new TypeError(
              `use[${place}] returned an unusable response: ${property(error, 'message') as string}`,
            )
          }
          return response
        },
        context,
        () =>
          errorFromTimeout('deadlineMs', settings.deadlineMs, {
            ...context.sent,
            part: context.part,
          }),
      )
    },
    send,
  )
}

/** Runs code of others: it may hang, and the caller's abort and the deadline end the wait for it all the same. */
export function untilDeadline<Result>(
  run: () => Promise<Result>,
  { remainingMs, signal }: CallContext,
  timeIsUp: () => Error,
): Promise<Result> {
  // Later than a request inside, whose own error says more: a timer rounds its start and its time down to milliseconds.
  return createTimer(signal).race(run(), remainingMs() + 2, timeIsUp)
}
