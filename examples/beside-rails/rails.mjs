// What Node must know of the Rails application: the settings in rails/application.rb, by the same names.
import { createRails } from 'rails-session'

export const RAILS_URL = process.env.RAILS_URL ?? 'http://127.0.0.1:3000'

export const rails = createRails({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '6.1',
  cookiesSerializer: 'json',
  session: { key: '_shop_session' },
})
