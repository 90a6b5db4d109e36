# frozen_string_literal: true

# A small Rails application with the defaults of Rails 6.1. It takes no part in how Node shares its session.
require "logger" # Rails before 7.1 forgets to
require "action_controller/railtie"

# Where the Node application is; browsers send a cookie to every port of a host.
NODE_URL = ENV.fetch("NODE_URL", "http://127.0.0.1:4000")

class Shop < Rails::Application
  config.root = __dir__
  config.load_defaults 6.1
  config.eager_load = true
  config.logger = Logger.new($stderr)
  config.log_level = :warn
  config.paths["app/views"] = "views"
  config.secret_key_base = ENV.fetch("SECRET_KEY_BASE")
  config.session_store :cookie_store, key: "_shop_session"
  config.action_dispatch.cookies_serializer = :json # as config/initializers/cookies_serializer.rb has it

  routes.append do
    root to: redirect("/account")
    resource :account, only: :show
    resource :login, only: [:new, :create, :destroy]
    resource :reminder, only: :create
  end
end
