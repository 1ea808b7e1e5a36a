/** One issue of a request. */
export interface ValidationIssue {
  /** The field, such as `body.documents.3`. */
  path: string
  /** The words of the server: the value that was expected. */
  message: string
  /** The rule's name, such as `string_type`. */
  type: string
}
