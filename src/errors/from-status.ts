import { readRateLimit } from '../api/rate-limit-headers.ts'
import type { RateLimit } from '../api/rate-limit-headers.ts'
import { TRY_AGAIN } from '../api/response.ts'
import { property } from '../shared/property.ts'
import {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RerankResponseError,
  ServerError,
} from './classes.ts'
import type { RerankError, RerankErrorDetails } from './classes.ts'
import { create, errorFromResponse, keepToLimits } from './create.ts'
import type { ErrorClass, ErrorContext, FailedResponse, NextStep } from './create.ts'
import { readIssues, serverMessage } from './server-message.ts'
import type { ValidationIssue } from './validation-issue.ts'

/** The facts that some responses tell and others do not. */
interface Told {
  issues?: readonly ValidationIssue[] | undefined
  rateLimit?: RateLimit | undefined
}

/** The error class and the next step of each status that has its own; other 4xx and 5xx have theirs below. */
const BY_STATUS: Readonly<Record<number, readonly [ErrorClass<Told>, NextStep?]>> = {
  401: [AuthenticationError, 'Check the key given as apiKey or NEBIUS_API_KEY.'],
  402: [PaymentRequiredError, 'Add credit to the account.'],
  403: [PermissionDeniedError, 'Check the permissions of the key and the project.'],
  404: [NotFoundError, 'Check baseUrl and the model id, which is case-sensitive.'],
  413: [BadRequestError, 'Send fewer or shorter documents.'],
  429: [RateLimitError, keepToLimits],
}

/** The error for a response that is not a success; `said` tells how the status came. */
export function errorFromStatus(
  response: FailedResponse,
  context: ErrorContext,
  said = `returned ${response.status}`,
): RerankError {
  const { status, headers, body } = response
  if (status < 400) return redirectError(response, context)
  const [Class, nextStep] = BY_STATUS[status] ?? (status < 500 ? [BadRequestError] : [ServerError, tryAgain])
  const told = {
    issues: Class === BadRequestError ? readIssues(body) : undefined,
    rateLimit: Class === RateLimitError ? readRateLimit(headers) : undefined,
  }
  return create(Class, `${said}: ${serverMessage(body)}`, context, response, told, nextStep)
}

/**
 * The error that a gateway wrapped in a 200, such as `{"error": …}`. Its `code` or `status` decides the class where it
 * is an HTTP status; otherwise the response is just not usable.
 */
export function errorFromWrapped(
  wrapped: unknown,
  response: FailedResponse,
  context: ErrorContext,
): RerankError {
  const status = [property(wrapped, 'error'), wrapped]
    .flatMap((holder) => [property(holder, 'code'), property(holder, 'status')])
    .find((code) => /^[45]\d\d$/.test(String(code)))
  return status === undefined
    ? errorFromResponse(`it is an error: ${serverMessage(response.body)}`, response, context)
    : errorFromStatus(
        { ...response, status: Number(status) },
        context,
        `returned ${response.status} with an error ${Number(status)}`,
      )
}

function tryAgain({ requestId }: RerankErrorDetails): string {
  return requestId ? 'Try again later, or send the request id to the support of the service.' : TRY_AGAIN
}

function redirectError(response: FailedResponse, context: ErrorContext): RerankError {
  const { status, headers } = response
  const location = headers.get('location') ?? ''
  const target = URL.canParse(location) ? ` to ${new URL(location).origin}` : ''
  // A browser tells nothing of a redirect but that it is one.
  const what = `returned ${status ? `${status}, ` : ''}a redirect${target}`
  const nextStep = 'Set baseUrl to the URL of the service, because redirects are not followed.'
  return create(RerankResponseError, what, context, response, {}, nextStep)
}
