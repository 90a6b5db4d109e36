# frozen_string_literal: true

require_relative "application"
Shop.initialize!
require_relative "controllers"

run Shop
