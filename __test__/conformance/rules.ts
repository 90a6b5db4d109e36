/**
 * Why our answer may differ from that of the Rails that was recorded: we read as Rails 8.1. A rule excuses a case only
 * if all three hold:
 *
 * 1. the recorded answer is, to the last value, what that Rails is known to answer (the `older-*` files say how);
 * 2. 8.1's recorded answer to the same case is ours;
 * 3. the case has what the rule is about.
 *
 * So an expectation that somebody altered is excused by none of them. One rule knows no versions: where Ruby does not know
 * a class, it raises, and we describe the object.
 */
export const RULES = {
  raised: 'that Rails raised an exception where 8.1 raises none',
  'tolerant form': 'a framing, a base64 or a layout of metadata that only one of the two takes',
  'unknown to that version':
    'an envelope, a purpose, a scheme, a format or a CSRF token that the older Rails does not know',
  'single-version bug':
    '4.0 and 5.2 take a Hash that they send again for options; 3.2 to 4.1 hide what is in a Duration; 3.2 sends nothing for a session that was destroyed; 4.2 makes Parameters of Hashes; Ruby before 3.2 has one order for the variables of a class',
  'unknown class':
    'Ruby refused a dump only over a class, which it does not have or has otherwise; we describe the object',
  'older JSON': 'Rails 3.2 to 6.1 write JSON by another encoder, or have other classes to write',
  'rack spelling': 'another rack spells a header otherwise than those of Rails 5.2 to 8.1',
} as const

/** Name of a rule by which a case may deviate. */
export type Rule = keyof typeof RULES

/** The rule that excuses a case, or why none does. */
export type Ruling = { readonly rule: Rule } | { readonly why: string }
