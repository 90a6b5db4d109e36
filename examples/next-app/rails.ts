import { createRails } from 'rails-session'

interface Shop {
  visits: number
  user_id: number
  cart: string[]
}

export const rails = createRails<Shop>({
  secretKeyBase: process.env.SECRET_KEY_BASE,
  loadDefaults: '7.1', //                  config.load_defaults
  session: { key: '_shop_session' }, //    config.session_store :cookie_store, key: …
})
