// The pages of both Node applications. They read the session; only a token that is made for a form is new in it.
import { inspect } from 'node:util'
import { RAILS_URL } from './rails.mjs'

export function accountPage(framework, session) {
  const user = session.user()
  const notice = session.flash.get('notice')
  const rows = session
    .keys()
    .filter((key) => key !== 'flash')
    .map((key) => row(key, inspect(session.get(key))))
  return page(
    framework,
    `${notice ? `<p class="notice">${escape(notice)}</p>` : ''}
    <h1>Account</h1>
    <dl>
      ${row('user', user === null ? 'nobody' : `user ${user.id}`)}
      ${rows.join('\n      ')}
    </dl>
    ${user === null ? '' : forms(session)}
    <p><a href="${RAILS_URL}/account">To Rails</a></p>`,
    // A stranger has no form to send, and gets no cookie.
    user === null ? '' : `<meta name="csrf-token" content="${session.csrf.token()}">`,
  )
}

export function refusedPage(framework) {
  return page(framework, '<h1>Refused</h1>\n    <p>This form is not from a page of ours.</p>')
}

function forms(session) {
  return `${form(session, '/cart', '<label>Item <input name="item"></label> <button>Put into cart</button>')}
    ${form(session, '/logout', '<button>Log out</button>')}`
}

function form(session, path, fields) {
  const token = session.csrf.token({ path, method: 'POST' })
  return `<form method="post" action="${path}">
      <input type="hidden" name="authenticity_token" value="${token}"> ${fields}
    </form>`
}

function row(name, value) {
  return `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`
}

function page(framework, body, head = '') {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Shop: ${framework}</title>
    <link rel="icon" href="data:,">
    ${head}
    <style>
      body { font: 16px/1.5 sans-serif; margin: 0 auto; max-width: 40em }
      header { background: #063; color: #fff; padding: .5em 1em }
      dt { font-weight: bold }
      .notice { background: #dfd }
    </style>
  </head>
  <body>
    <header>${framework} on Node.js ${process.versions.node}</header>
    ${body}
  </body>
</html>
`
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
