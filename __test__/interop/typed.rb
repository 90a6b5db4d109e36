# frozen_string_literal: true

# Ruby values as trees of JSON that lose nothing: {"$":"float","v":"1.0"} is not 1, and back. The nodes are those of
# `opened.typed()`. Only classes that this library can write have a way back.
module Typed
  SAFE = (-(2**53 - 1)..(2**53 - 1)).freeze
  DURATION_UNITS = %i[years months weeks days hours minutes seconds].freeze

  module_function

  def tree(value)
    Describer.new(value).tree
  end

  def value(tree)
    Builder.new.value(tree)
  end

  # Makes trees. An object that comes more than once is `shared`, and then a `ref`.
  class Describer
    def initialize(root)
      @root = root
      @seen = Hash.new(0).compare_by_identity
      @ids = {}.compare_by_identity
    end

    def tree
      count(@root)
      node(@root)
    end

    private

    def count(value)
      return unless identity?(value)

      @seen[value] += 1
      return if @seen[value] > 1

      case value
      when Hash then value.each { |key, element| [key, element].each { |each| count(each) } }
      when Array then value.each { |element| count(element) }
      end
    end

    # Whether the identity of an object can be seen. Keys that are Strings are Ruby's own, frozen copies.
    def identity?(value)
      case value
      when Array, Hash, Set, ActiveSupport::TimeWithZone, ActiveSupport::Duration then true
      when String then !value.frozen?
      else false
      end
    end

    def node(value)
      return bare(value) unless identity?(value) && @seen[value] > 1
      return { "$" => "ref", "id" => @ids[value] } if @ids.key?(value)

      id = @ids[value] = @ids.size + 1
      { "$" => "shared", "id" => id, "v" => bare(value) }
    end

    def bare(value)
      # Durations and times of Rails say that they are Integers and Times.
      return duration(value) if ActiveSupport::Duration === value
      return zoned(value) if value.instance_of?(ActiveSupport::TimeWithZone)

      case value
      when nil, true, false then value
      when Integer then SAFE.cover?(value) ? value : { "$" => "int", "v" => value.to_s }
      when Float then { "$" => "float", "v" => value.to_s }
      when ActiveSupport::SafeBuffer then { "$" => "safe_buffer", "v" => string(value.to_str), "html_safe" => value.html_safe? }
      when String then string(value)
      when Symbol then symbol(value)
      when Array then value.map { |element| node(element) }
      when Hash then hash(value)
      when Set then { "$" => "set", "v" => value.map { |element| node(element) } }
      when Rational then { "$" => "rational", "num" => value.numerator.to_s, "den" => value.denominator.to_s }
      when Complex then { "$" => "complex", "re" => node(value.real), "im" => node(value.imaginary) }
      when BigDecimal then { "$" => "bigdecimal", "v" => value.to_s }
      when Range
        { "$" => "range", "begin" => node(value.begin), "end" => node(value.end), "exclude_end" => value.exclude_end? }
      when Regexp then regexp(value)
      when Time then time(value)
      when DateTime then { "$" => "datetime", "v" => value.iso8601(9), "jd" => value.jd, "start" => node(value.start) }
      when Date then { "$" => "date", "v" => value.iso8601, "start" => node(value.start) }
      else raise TypeError, "no tree for #{value.class}"
      end
    end

    def string(text)
      return text.to_s if text.encoding == Encoding::UTF_8 && text.valid_encoding?

      { "$" => "string", "enc" => text.encoding.name, "b64" => [text].pack("m0") }
    end

    def symbol(name)
      text = name.name
      text = text.dup.force_encoding(Encoding::UTF_8) if text.encoding == Encoding::US_ASCII
      found = string(text)
      found.is_a?(String) ? { "$" => "symbol", "v" => found } : { "$" => "symbol", **found.except("$") }
    end

    def hash(pairs)
      entries = pairs.map { |key, element| [node(key), node(element)] }
      extra = {}
      extra["class"] = pairs.class.name unless pairs.instance_of?(Hash)
      extra["default"] = node(pairs.default) unless pairs.default.nil?
      extra["compare_by_identity"] = true if pairs.compare_by_identity?
      plain = extra.empty? && entries.all? { |key, _| key.is_a?(String) && key != "$" }
      plain ? entries.to_h : { "$" => "hash", "v" => entries, **extra }
    end

    def regexp(value)
      source = value.source
      text = source.encoding == Encoding::US_ASCII ? source.dup.force_encoding(Encoding::UTF_8) : source
      { "$" => "regexp", "source" => string(text), "options" => value.options, "enc" => value.encoding.name }
    end

    def time(value)
      fields = { "$" => "time", "iso" => iso(value), "utc_offset" => value.utc_offset, "utc" => value.utc? }
      part = (value.subsec * 1_000_000_000) % 1
      fields["subnano"] = part.to_s unless part.zero?
      fields["zone"] = value.zone if value.zone.is_a?(String)
      fields
    end

    def zoned(value)
      { "$" => "time_with_zone", "utc" => iso(value.utc), "time_zone" => value.time_zone.name }
    end

    def duration(value)
      parts = value.instance_variable_get(:@parts).map { |unit, count| [unit.to_s, node(count)] }
      { "$" => "duration", "value" => node(value.value), "parts" => parts }
    end

    def iso(time)
      time.getutc.strftime("%Y-%m-%dT%H:%M:%S.%9NZ")
    end
  end

  # Makes values.
  class Builder
    def initialize
      @shared = {}
    end

    def value(tree)
      case tree
      when Array then tree.map { |element| value(element) }
      when Hash then tree.key?("$") ? tagged(tree) : tree.transform_values { |element| value(element) }
      else tree
      end
    end

    private

    def tagged(tree)
      case tree["$"]
      when "int" then Integer(tree["v"])
      when "float" then float(tree["v"])
      when "string" then string(tree)
      when "symbol" then (tree["v"] || string(tree)).to_sym
      when "shared" then @shared[tree["id"]] = value(tree["v"])
      when "ref" then @shared.fetch(tree["id"])
      when "hash" then hash(tree)
      when "set" then Set.new(tree["v"].map { |element| value(element) })
      when "rational" then Rational(Integer(tree["num"]), Integer(tree["den"]))
      when "complex" then Complex(value(tree["re"]), value(tree["im"]))
      when "bigdecimal" then BigDecimal(tree["v"].delete_suffix(".0")) # which would take room
      when "range" then Range.new(value(tree["begin"]), value(tree["end"]), tree["exclude_end"])
      when "regexp" then Regexp.new(text_of(tree["source"], tree["enc"]), tree["options"] & ~Regexp::FIXEDENCODING)
      when "time" then time(tree)
      when "date" then Date.iso8601(tree["v"], value(tree["start"]))
      when "datetime" then DateTime.iso8601(tree["v"], value(tree["start"]))
      when "time_with_zone" then ActiveSupport::TimeZone[tree["time_zone"]].at(instant(tree["utc"]))
      when "duration" then duration(tree)
      when "safe_buffer" then ActiveSupport::SafeBuffer.new(text_of(tree["v"], "UTF-8"))
      else raise TypeError, "no value for #{tree}"
      end
    end

    def hash(tree)
      made = tree["class"] ? Object.const_get(tree["class"]).new : {}
      made.compare_by_identity if tree["compare_by_identity"]
      tree["v"].each { |key, element| made[value(key)] = value(element) }
      made.default = value(tree["default"]) if tree["default"]
      made
    end

    def time(tree)
      at = instant(tree["iso"])
      at += Rational(tree["subnano"]) / 1_000_000_000 if tree["subnano"]
      tree["utc"] ? at.utc : at.localtime(tree["utc_offset"])
    end

    def duration(tree)
      tree["parts"].sum(ActiveSupport::Duration.build(0)) { |unit, count| ActiveSupport::Duration.public_send(unit, value(count)) }
    end

    def instant(text)
      seconds, nanoseconds = text.delete_suffix("Z").split(".")
      Time.new(*seconds.match(/\A(-?\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\z/).captures.map(&:to_i), "+00:00") +
        Rational(nanoseconds.to_i, 1_000_000_000)
    end

    def string(tree)
      tree["b64"].unpack1("m").force_encoding(tree["enc"])
    end

    def text_of(tree, encoding)
      tree.is_a?(String) ? tree.dup.force_encoding(encoding) : string(tree)
    end

    # Another object each time, since Marshal tells which are the same.
    def float(text)
      special = { "NaN" => Float::NAN, "Infinity" => Float::INFINITY, "-Infinity" => -Float::INFINITY }[text]
      special ? special * 1 : Float(text)
    end
  end
end
