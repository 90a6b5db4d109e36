# frozen_string_literal: true

# Classes of an application, whose objects a session may hold.
Point = Struct.new(:x, :y)
class Account
  attr_accessor :id, :name, :parent
end
class Tags < Array; end
class Params < Hash; end
class Token < String; end
class Marked
  def initialize(text) = @text = text
  def _dump(_level) = @text
  def self._load(text) = new(text)
end
class Stateful
  def initialize(state) = @state = state
  def marshal_dump = @state
  def marshal_load(state) = @state = state
end
module Noted
  def noted? = true
end
class Failure < StandardError; end

# Random sessions, the same for the same seed. `format`: what they must fit in. `described`: whether a dump must tell all
# that other formats write of an object, as those do not that a class dumps in a way of its own.
class RandomSession
  def initialize(seed, format, described)
    @random = Random.new(seed)
    @format = format
    @described = described
    @made = []
  end

  def to_h
    Array.new(@random.rand(1..6)) { [key, value(@random.rand(0..3))] }.to_h.tap { |session| session.delete("session_id") }
  end

  private

  def key
    name = pick(%w[user_id cart flash warden.user.user.key _csrf_token last_request_at é locale] + [text])
    name.empty? ? "empty" : name
  end

  def value(depth)
    made = depth.positive? && chance(0.5) ? container(depth) : scalar
    # Some objects come again.
    return pick(@made) if @made.any? && chance(0.08)

    @made << made if made.is_a?(Array) || made.is_a?(Hash) || (made.is_a?(String) && !made.frozen?)
    made
  end

  def container(depth)
    elements = -> { Array.new(@random.rand(0..3)) { value(depth - 1) } }
    pairs = -> { Array.new(@random.rand(0..3)) { [hash_key(depth), value(depth - 1)] }.to_h }
    choices = [elements, elements, pairs, pairs, -> { ActiveSupport::HashWithIndifferentAccess.new(pairs.call.transform_keys(&:to_s)) }]
    choices << -> { Set.new(elements.call.reject { |element| element.is_a?(Float) && element.nan? }) }
    choices.push(*ruby_containers(elements, pairs)) if @format == :marshal
    pick(choices).call
  end

  # What only Marshal carries.
  def ruby_containers(elements, pairs)
    [
      -> { Point.new(*elements.call.first(2)) },
      -> { Account.new.tap { |account| account.id, account.name, account.parent = elements.call } },
      -> { Tags.new(elements.call) },
      -> { Params.new.merge!(pairs.call) },
      -> { Hash.new(scalar).merge!(pairs.call) },
      -> { pairs.call.compare_by_identity },
      -> { elements.call.extend(Noted) },
      -> { @described ? elements.call : Stateful.new(elements.call) },
      -> { Failure.new(text) },
      -> { text.tap { |noted| noted.instance_variable_set(:@note, elements.call) } },
    ]
  end

  def hash_key(depth)
    return key if @format == :json || chance(0.5)

    pick([-> { text.to_sym }, -> { @random.rand(100) }, -> { nil }, -> { 1.5 }, -> { [depth] }]).call
  end

  def scalar
    choices = [
      -> { nil }, -> { chance(0.5) }, -> { @random.rand(-10..300) }, -> { integer }, -> { float }, -> { text }, -> { text },
      -> { text.to_sym }, -> { time }, -> { Date.new(@random.rand(1..9999), 2, 3) }, -> { BigDecimal(integer) / 100 },
      -> { time.to_datetime }, -> { time.in_time_zone(pick(["UTC", "Europe/Paris", "Tokyo"])) },
      -> { @random.rand(1..9).public_send(pick(%i[days hours weeks])) }
    ]
    choices.push(*ruby_scalars) unless @format == :json
    choices.push(*marshal_scalars) if @format == :marshal
    pick(choices).call
  end

  # What JSON has no form for that is read as the same again.
  def ruby_scalars
    [
      -> { @random.bytes(@random.rand(0..9)) }, -> { Rational(integer, @random.rand(1..99)) },
      -> { Complex(@random.rand(9), @random.rand(9)) }, -> { (@random.rand(9)..@random.rand(9..20)) }, -> { ("a"...text) },
      -> { pick([Float::INFINITY, -Float::INFINITY, -0.0]) }
    ]
  end

  def marshal_scalars
    [
      -> { /#{Regexp.escape(text)}/i }, -> { String }, -> { Kernel }, -> { Token.new(text) },
      -> { @described ? text : Marked.new(text) },
      -> { ActiveSupport::SafeBuffer.new(text) }, -> { text.encode("UTF-16LE") }, -> { "caf\u00e9".encode("ISO-8859-1") },
      -> { "a\xffb".dup }, -> { text.b }, -> { "ascii".dup.force_encoding("US-ASCII") }, -> { Account.new },
      -> { Time.at(integer.abs % 10**11, @random.rand(10**9), :nsec).localtime("+05:30") }, -> { text.freeze }
    ]
  end

  def integer
    digits = @random.rand(1..25)
    @random.rand(10**(digits - 1)..10**digits) * pick([1, -1])
  end

  def float
    pick([-> { @random.rand }, -> { @random.rand(1000).to_f }, -> { @random.rand * 10**@random.rand(-30..30) }]).call
  end

  def time
    Time.at(@random.rand(2**32), @random.rand(10**9), :nsec).utc
  end

  def text
    Array.new(@random.rand(0..8)) { pick([*"a".."f", " ", "<", "\"", "\\", "é", "日", "😀", "\u2028", "\n"]) }.join
  end

  def chance(share)
    @random.rand < share
  end

  def pick(choices)
    choices[@random.rand(choices.size)]
  end
end
