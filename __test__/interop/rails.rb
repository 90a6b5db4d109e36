# frozen_string_literal: true

# A real Rails (6.1 to 7.2) behind a pipe: JSON lines in, JSON lines out, one answer for each line, in order.
# The first line out says who answers: {"rails":"6.1.7.10","rack":"2.2.6.4","ruby":"3.1.2"}
#
# Every request has `jar`, `name`, `config` (Rails' settings by their names) and `now` (milliseconds since 1970).
#   {"op":"write", "value":TREE, "options":{...}, "https":true, "host":"www.example.org"}
#     -> {"lines":["name=...; path=/"]}, or {"raised":"ActionDispatch::Cookies::CookieOverflow"}
#   {"op":"read", "cookie":"the text after name= in the Cookie header"}
#     -> {"accepted":true,"typed":TREE,"rewritten":false}, or {"accepted":false,"reason":"nil" or an exception class}
#   {"op":"session", "seed":1, "format":"json", "marshal" or "message_pack", "described":false}
#     -> {"cookie":"...","keys":["user_id", ...]}, the cookie of a random session, or {"raised":"..."}
#   {"op":"compare", "before":"a cookie", "written":the config that it was written in, "after":"the cookie that it became",
#    or null, "changes":[[key, TREE, or null to drop it]]}
#     -> {"differences":["user_id: ..."]}, against what Rails itself makes of the same changes, or {"raised":"..."} if
#        Rails makes nothing of them
#
# Rails' own middleware does the work; this file only builds the Rack env that railties would build for the settings.
require "logger" # Rails before 7.1 forgets to
require "json"
require "rack"
require "rack/mock"
require "active_support/all"
require "action_dispatch"
require "action_pack/version"
require "active_support/key_generator"
require "active_support/message_encryptor"
require "active_support/message_verifier"
require "active_support/messages/rotation_configuration"
require "set"
require_relative "typed"
require_relative "random_session"

begin
  require "active_support/message_pack" # Rails 7.1+
rescue LoadError
  nil
end

# Time.now stands still.
module StoppedClock
  class << self
    attr_accessor :milliseconds
  end

  def now(*args, **options)
    Time.at(Rational(StoppedClock.milliseconds, 1000), *args, **options)
  end
end
Time.singleton_class.prepend(StoppedClock)

# Dumps of a BigDecimal that do not tell how many digits it has room for, where that is asked. The room depends on how the
# number was made, and decreases with each time that Ruby 3.1 reads and writes it.
module Roomless
  class << self
    attr_accessor :asked
  end

  def _dump(*)
    Roomless.asked ? super.sub(/\A\d+/, "") : super
  end
end
BigDecimal.prepend(Roomless)

# A serializer of an application's own: what it writes is JSON behind "pj1:".
module PrefixedJson
  def self.dump(value)
    "pj1:#{::JSON.generate(value)}"
  end

  def self.load(text)
    raise ArgumentError, "no prefix" unless text.start_with?("pj1:")

    ::JSON.parse(text.delete_prefix("pj1:"))
  end
end

# The settings of one application.
class Application
  SALTS = {
    "signed_cookie_salt" => "signed cookie",
    "encrypted_cookie_salt" => "encrypted cookie",
    "encrypted_signed_cookie_salt" => "signed encrypted cookie",
    "authenticated_encrypted_cookie_salt" => "authenticated encrypted cookie",
  }.freeze
  AS_THEY_ARE = %w[
    secret_key_base use_authenticated_cookie_encryption use_cookies_with_metadata encrypted_cookie_cipher
    signed_cookie_digest cookies_digest
  ].freeze
  KEY_GENERATORS = Hash.new { |made, settings| made[settings] = key_generator(*settings) }

  def self.key_generator(secret, iterations, digest)
    options = { iterations: iterations }
    if digest != "SHA1"
      raise ArgumentError, "Rails #{ActionPack.version} derives keys with SHA1" if ActionPack.version < Gem::Version.new("7.0")

      options[:hash_digest_class] = OpenSSL::Digest.const_get(digest)
    end
    ActiveSupport::CachingKeyGenerator.new(ActiveSupport::KeyGenerator.new(secret, **options))
  end

  def initialize(config)
    @config = config
  end

  # Settings that Rails keeps in globals.
  def activate
    ActiveSupport::JSON::Encoding.escape_html_entities_in_json = @config.fetch("escape_html_entities_in_json", true)
    return unless ActiveSupport::Messages::Metadata.respond_to?(:use_message_serializer_for_metadata=)

    ActiveSupport::Messages::Metadata.use_message_serializer_for_metadata =
      @config.fetch("use_message_serializer_for_metadata", false)
  end

  # As Rails::Application#env_config.
  def env
    settings = SALTS.merge(@config.slice(*SALTS.keys, *AS_THEY_ARE))
    settings["key_generator"] = KEY_GENERATORS[[
      @config["secret_key_base"],
      @config.fetch("key_generator_iterations", 1000),
      @config.fetch("key_generator_hash_digest_class", "SHA1"),
    ]]
    settings["cookies_serializer"] = serializer
    settings["cookies_rotations"] = rotations
    same_site = @config["cookies_same_site_protection"]&.to_sym
    settings["cookies_same_site_protection"] = ->(_request) { same_site }
    settings.transform_keys { |name| "action_dispatch.#{name}" }
  end

  def session_options
    attributes(@config.fetch("session_options", {}))
  end

  # Options of a cookie, with what JSON cannot say put right.
  def attributes(options)
    options.to_h do |name, value|
      value = value.to_sym if name == "same_site" || value == "all"
      value = value["in"] ? value["in"].seconds : Time.at(Rational(value["at"], 1000)) if name == "expires"
      [name.to_sym, value]
    end
  end

  private

  def serializer
    name = @config["cookies_serializer"]
    name == "custom:prefixed_json" ? PrefixedJson : name&.to_sym
  end

  def rotations
    configuration = ActiveSupport::Messages::RotationConfiguration.new
    @config.fetch("cookies_rotations", []).each do |rotation|
      secrets = rotation["secrets_hex"].map { |hex| [hex].pack("H*") }
      configuration.rotate(rotation["kind"].to_sym, *secrets, **rotation["options"].transform_keys(&:to_sym))
    end
    configuration
  end
end

# One request to an application: what is sent, what comes back.
class Exchange
  def initialize(request)
    @request = request
    @application = Application.new(request["config"])
    StoppedClock.milliseconds = request["now"]
  end

  def answer
    @application.activate
    case @request["op"]
    when "write" then write
    when "session" then session
    when "compare" then compare
    else read
    end
  end

  private

  def write
    value = Typed.value(@request["value"])
    lines = respond do |request|
      if session?
        request.session.update(value)
      else
        jar(request)[@request["name"]] = { value: value, **@application.attributes(@request["options"]) }
      end
    end
    { lines: lines }
  rescue StandardError => error
    { raised: error.class.name }
  end

  def read
    value = nil
    lines = respond(cookie(@request["cookie"])) do |request|
      value = session? ? session_in(request) : jar(request)[@request["name"]]
    end
    seen(value, lines.any?)
  rescue ActionDispatch::Cookies::CookieOverflow => error
    # A session is sent again after the application has seen it, and may be too long in other settings. The other jars
    # send again while they read, so that nothing was seen.
    value.nil? ? { accepted: false, reason: error.class.name } : seen(value, true)
  rescue StandardError => error
    { accepted: false, reason: error.class.name }
  end

  def session
    value = RandomSession.new(@request["seed"], @request["format"].to_sym, @request["described"]).to_h
    lines = respond { |request| request.session.update(value) }
    { cookie: cookie_in(lines), keys: value.keys }
  rescue StandardError => error
    { raised: "#{error.class}: #{error.message[0, 200]}" }
  end

  # What Node made of a session, beside what Rails makes of it: every key must be the same to the last bit.
  def compare
    changes = @request["changes"].to_h { |key, tree| [key, tree.nil? ? nil : Typed.value(tree)] }
    before = loaded(@request["before"], Application.new(@request["written"]))
    begin
      # JSON that is nested too deep is written, and is not read.
      expected = loaded(cookie_in(changed(before, changes)))
    rescue StandardError => error
      return { raised: error.class.name }
    end
    return { raised: "nothing, and reads nothing" } if expected.nil?
    return { differences: ["Rails does not raise"] } if @request["after"].nil?

    found = loaded(@request["after"])
    return { differences: ["no session"] } if found.nil?

    { differences: order(expected, found) + altered(expected, found) + spoiled(untouched(before, changes), untouched(found, changes)) }
  rescue StandardError => error
    { differences: ["#{error.class}: #{error.message[0, 200]}"] }
  end

  # An application whose format follows on another writes a cookie again as soon as it is read, before anything in it is
  # changed, and raises if that format cannot hold it. Then what the application before it read is written instead.
  def changed(before, changes)
    read = false
    respond(cookie(@request["before"])) do |request|
      request.session.to_hash
      read = true
      changes.each { |key, value| request.session[key] = value }
    end
  rescue StandardError
    raise if read

    respond do |request|
      request.session.update(before.merge(changes))
      request.session.options[:id] = Rack::Session::SessionId.new(before["session_id"])
    end
  end

  # Where nothing changes its format, what was there is still there. JSON has no other form for a Time than text, so that
  # writing it a first time changes it, and a second time does not.
  def untouched(session, changes)
    same = @request["same_format"] ? session : {}
    same.reject { |key, value| changes.key?(key) || value.nil? }
  end

  def order(expected, found)
    expected.keys == found.keys ? [] : ["Rails has the keys #{expected.keys}, after are #{found.keys}"]
  end

  def altered(expected, found)
    keys = (expected.keys | found.keys).reject { |key| same?(expected, found, key) { |value| settled(value) } }
    keys.map { |key| "#{key}: Rails has #{show(expected, key)}, after is #{show(found, key)}" }
  end

  def spoiled(before, found)
    keys = (before.keys | found.keys).reject { |key| same?(before, found, key) { |value| Marshal.dump(value) } }
    keys.map { |key| "#{key}: before was #{show(before, key)}, after is #{show(found, key)}" }
  end

  # Dumps tell class, encoding, sharing and instance variables of all that is in a value, and more than `==` does.
  def same?(expected, found, key)
    return false unless expected.key?(key) == found.key?(key)

    yield(expected[key]) == yield(found[key]) && expected[key].instance_of?(found[key].class)
  end

  def settled(value)
    Roomless.asked = true
    Marshal.dump(value)
  ensure
    Roomless.asked = false
  end

  def show(session, key)
    session.key?(key) ? "#{session[key].class} #{session[key].inspect[0, 200]}" : "nothing"
  end

  def loaded(cookie_value, application = @application)
    session = nil
    respond(cookie(cookie_value), application) { |request| session = session_in(request) }
    session
  end

  def cookie(value)
    { "HTTP_COOKIE" => "#{@request["name"]}=#{value}" }
  end

  def cookie_in(lines)
    lines.first&.slice(/=([^;]*)/, 1)
  end

  def seen(value, rewritten)
    return { accepted: false, reason: "nil" } if value.nil?

    { accepted: true, typed: Typed.tree(value), rewritten: rewritten }
  end

  # A refused cookie gives an empty session that does not exist.
  def session_in(request)
    request.session.to_hash if request.session.exists?
  end

  def session?
    @request.fetch("jar", "session") == "session"
  end

  def jar(request)
    @request["jar"].split("_").reject { |part| part == "plain" }.reduce(request.cookie_jar) { |jar, part| jar.public_send(part) }
  end

  # Runs the block as the application inside Rails' middleware; gives the Set-Cookie lines.
  def respond(headers = {}, application = @application)
    app = lambda do |env|
      yield ActionDispatch::Request.new(env)
      [200, {}, []]
    end
    if session?
      app = ActionDispatch::Session::CookieStore.new(app, { key: @request["name"], **application.session_options })
    end
    url = "#{@request["https"] ? "https" : "http"}://#{@request.fetch("host", "www.example.org")}/"
    env = Rack::MockRequest.env_for(url).merge(application.env, headers)
    lines = ActionDispatch::Cookies.new(app).call(env)[1].find { |name, _| name.casecmp?("set-cookie") }&.last
    lines.is_a?(Array) ? lines : lines.to_s.split("\n")
  end
end

# Ruby 3.1 tells the offset and the zone of every Time in the order of the first one that it dumps: of one in UTC, the zone.
Marshal.dump(Time.at(0, 1, :nsec).localtime("+01:00"))
$stdout.sync = true
$stdin.set_encoding(Encoding::UTF_8)
puts ::JSON.generate({ rails: ActionPack::VERSION::STRING, rack: Rack.release, ruby: RUBY_VERSION })
# Equal keys of Hashes are one object, and links in a dump, if garbage is not being collected while they are made.
GC.disable
$stdin.each_line.with_index do |line, number|
  GC.start if (number % 500).zero?
  answer = Exchange.new(::JSON.parse(line, max_nesting: false)).answer
  puts ::JSON.generate(answer, max_nesting: 0)
end
