import { getRailsSession } from 'rails-session/next'
import { rails } from '../../../rails'

// <%= form_with url: "/posts/1" do |form| %> in a page of Rails
export async function POST(request: Request) {
  const session = await getRailsSession(rails)
  const form = await request.formData()
  const { pathname } = new URL(request.url)
  const verdict = session.csrf.verifyRequest({
    method: request.method,
    methodOverride: form.get('_method'), // patch, put and delete are a POST with a field _method
    path: pathname,
    token: form.get('authenticity_token'),
    xCsrfToken: request.headers.get('x-csrf-token'),
    origin: request.headers.get('origin'),
    secFetchSite: request.headers.get('sec-fetch-site'),
  })
  // verdict.reason is for your log
  if (!verdict.ok) return new Response('The change you wanted was rejected.\n', { status: 422 })
  session.flash.set('notice', 'Post 1 saved') // flash[:notice]
  session.save()
  return new Response(null, { status: 303, headers: { location: pathname } })
}
