# frozen_string_literal: true

# Writes how this machine's Rails checks requests, one answer a line. Run in this folder, with each Rails:
# `ruby rails-checks.rb >> rails-checks.jsonl`.
require "action_controller"
require "action_dispatch"
require "base64"
require "json"

class FormsController < ActionController::Base
  self.allow_forgery_protection = true
  self.per_form_csrf_tokens = true
  self.forgery_protection_origin_check = true
  self.urlsafe_csrf_tokens = true if respond_to?(:urlsafe_csrf_tokens=)
end

SESSION_TOKEN = "Ffk7g4SXMZyYiX3-6einJvmm5gKEYx7_PIAD5qUAIpM"

def controller(host: "shop.example", https: false, origin: nil, method: "POST", path: "/posts/1", token: nil, header: nil)
  env = Rack::MockRequest.env_for(path, method: method, params: token && { "authenticity_token" => token })
  env["HTTP_HOST"] = host
  env["HTTPS"] = https ? "on" : "off"
  env["rack.url_scheme"] = https ? "https" : "http"
  env["HTTP_ORIGIN"] = origin if origin
  env["HTTP_X_CSRF_TOKEN"] = header if header
  env["rack.session"] = ActiveSupport::HashWithIndifferentAccess.new("_csrf_token" => SESSION_TOKEN)
  controller = FormsController.new
  controller.set_request!(ActionDispatch::Request.new(env))
  controller
end

def record(check, input, **output)
  puts JSON.generate({ rails: ActionPack.version.to_s, check: check, **input, **output })
end

def answer
  { answer: yield }
rescue ActionController::InvalidAuthenticityToken, URI::Error, NoMethodError => error
  { raised: error.class.name }
end

# 7.1 does not take the session as an argument any more.
def masked_token(form)
  method = controller.method(:masked_authenticity_token)
  arguments = method.parameters.count { |kind, _| kind == :req }.zero? ? [] : [controller.session]
  method.call(*arguments, form_options: form)
end

HOSTS = %w[shop.example shop.example:80 shop.example:443 shop.example:3000 shop.example:080 [::1]:3000 [::1]:80].freeze
ORIGINS = [
  nil, "null", "", "http://shop.example", "https://shop.example", "http://shop.example:80", "https://shop.example:443",
  "http://shop.example:3000", "https://shop.example:3000", "https://SHOP.example", "https://shop.example/",
  "https://evil.example", "http://[::1]:3000", "http://[::1]"
].freeze
[false, true].product(HOSTS, ORIGINS) do |https, host, origin|
  input = { https: https, host: host, origin: origin }
  record("origin", input, **answer { controller(**input).send(:valid_request_origin?) })
end

ACTIONS = [
  "/posts/1", "/posts/1/", "/posts/1//", "/", "//shop.example/posts", "//shop.example", "/posts?a=1#b", "/posts/?a=/",
  "/posts#/", "https://shop.example/posts/", "http://shop.example", "http://shop.example?a=1", "http://shop.example/",
  "/posts/%C3%A9", "/a/../b", "/a;b=1,2/(c)'!$&*+:@~._-", "/posts/\u00e9", "/a b", "/a\"", "/a\n", "/a\\b", "/a<", "/a|b",
  "posts", "./posts", "", "?a=1", "#a", "mailto:a@b.example"
].freeze
ACTIONS.each { |action| record("form path", { action: action }, **answer { controller.send(:normalize_action_path, action) }) }

TOKENS = {
  empty: "",
  global: masked_token({}),
  form: masked_token({ action: "/posts/1", method: "post" }),
  session: SESSION_TOKEN,
  wrong: Base64.strict_encode64("w" * 64)
}.freeze
record("tokens", { session_token: SESSION_TOKEN }, **TOKENS)

PAIRS = [
  [nil, nil], *TOKENS.keys.map { |name| [name, nil] }, *TOKENS.keys.map { |name| [nil, name] },
  %i[wrong global], %i[form wrong], %i[empty form], %i[wrong wrong]
].freeze
PATHS = ["/posts/1", "/posts/1/?a=1", "/posts/2"].freeze
ALL = %w[GET HEAD POST PATCH OPTIONS].product(PATHS, [nil], PAIRS) +
      %w[GET HEAD POST].product(PATHS, ["null", "http://shop.example", "http://evil.example"], [[nil, nil], [:global, nil]])
ALL.each do |method, path, origin, (token, header)|
  input = { method: method, path: path, origin: origin }
  verified = answer { controller(**input, token: TOKENS[token], header: TOKENS[header]).send(:verified_request?) }
  record("request", { **input, token: token, header: header }, **verified)
end
