# frozen_string_literal: true

# Writes what this machine's Rails makes of a flash, one request a line. Run in this folder, with each Rails:
# `ruby rails-flash.rb >> rails-flash.jsonl`.
require "action_controller"
require "action_controller/test_case"
require "json"

STORED = [
  nil,
  { "discard" => [], "flashes" => { "notice" => "a" } },
  { "discard" => [], "flashes" => { "notice" => "a", "alert" => "b" } },
  { "discard" => ["notice"], "flashes" => { "notice" => "a", "alert" => "b" } },
  { "discard" => %w[notice alert], "flashes" => { "notice" => "a", "alert" => "b" } },
  { "discard" => ["gone"], "flashes" => { "alert" => { "of" => ["b", nil] } } },
  { "flashes" => { "notice" => "a" } },
  "text", [], 1, true
].freeze
KEYS = %w[notice alert error].freeze
RANDOM = Random.new(20_261_127)

def steps
  Array.new(RANDOM.rand(4)) do |i|
    key = KEYS.sample(random: RANDOM)
    [%w[set now keep keep discard discard delete clear get].sample(random: RANDOM), key, "new #{i}"].then do |name, k, value|
      case name
      when "set", "now" then [name, k, value]
      when "clear" then [name]
      when "keep", "discard" then RANDOM.rand(2).zero? ? [name] : [name, k]
      else [name, k]
      end
    end
  end
end

def take(flash, (name, key, value))
  case name
  when "set" then flash[key] = value
  when "now" then flash.now[key] = value
  when "get" then flash[key]
  when "keep" then flash.keep(*key)
  when "discard" then flash.discard(*key)
  when "delete" then flash.delete(key)
  when "clear" then flash.clear
  end
end

def play(stored, steps)
  env = Rack::MockRequest.env_for("/")
  session = ActionController::TestSession.new({ "user_id" => 7, "flash" => stored }.compact)
  env["rack.session"] = session
  request = ActionDispatch::Request.new(env)
  request.flash unless steps.empty?
  steps.each { |step| take(request.flash, step) }
  shown = steps.empty? ? nil : request.flash.to_hash
  request.commit_flash
  { shown: shown, stored_after: session.to_hash["flash"] }
end

rows = STORED.product([[]]) + STORED.product([[%w[get notice]], [["keep"]], [%w[keep notice]], [%w[set alert x]]]) +
       Array.new(250) { [STORED.sample(random: RANDOM), steps] }
rows.each do |stored, steps|
  input = { rails: ActionPack.version.to_s, stored: stored, steps: steps }
  before = Marshal.load(Marshal.dump(stored))
  puts JSON.generate({ **input, stored: before, **play(stored && Marshal.load(Marshal.dump(stored)), steps) })
end
