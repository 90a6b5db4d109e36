# frozen_string_literal: true

# Writes one line for each of the Ruby expressions below, which show the tags of Marshal: the expression, its dump in base64,
# and the typed tree of what Ruby loads from it. Run in this folder: `ruby ruby-dumps.rb > ruby-dumps.jsonl`.
require "json"
require "active_support/all"
require "bigdecimal"
require "set"
require_relative "../../../interop/typed"

Point = Struct.new(:x, :y)
Options = Struct.new(:name, keyword_init: true)
Names = Class.new(Array)
Title = Class.new(String)
Lookup = Class.new(Hash)
Plain = Class.new { def initialize(name) = @name = name }
Dumped = Class.new { def _dump(_) = "12"; def self._load(_) = new }
Marshalled = Class.new { def marshal_dump = [1, nil]; def marshal_load(_) = self }
Loud = Module.new
Quiet = Module.new

# What Typed has no tree for, since this library does not write it.
def tree(value)
  modules = [Loud, Quiet].select { |each| each === value }.reverse
  return { "$" => "extended", "modules" => modules.map(&:name), "v" => Typed.tree(value.dup) } unless modules.empty?

  case value
  when Class then { "$" => "class", "v" => value.name }
  when Module then { "$" => "module", "v" => value.name }
  when Struct then { "$" => "struct", "class" => value.class.name, "members" => value.each_pair.map { |k, v| [k.to_s, Typed.tree(v)] } }
  when Exception then { "$" => "exception", "class" => value.class.name, "message" => value.message }
  when Plain then { "$" => "object", "class" => "Plain", "ivars" => [["@name", Typed.tree(value.instance_variable_get(:@name))]] }
  when Dumped then { "$" => "user_dump", "class" => "Dumped", "b64" => ["12"].pack("m0") }
  when Marshalled then { "$" => "user_marshal", "class" => "Marshalled", "v" => [1, nil] }
  when Names then { "$" => "user_class", "class" => "Names", "v" => Typed.tree(value.to_a) }
  when Title then { "$" => "user_class", "class" => "Title", "v" => Typed.tree(String.new(value)) }
  else Typed.tree(value)
  end
end

EXPRESSIONS = <<~'RUBY'.lines(chomp: true)
  nil
  true
  false
  [0, 1, 122, 123, 255, 256, 65_535, 65_536, 16_777_216, 2**30 - 1]
  [-1, -123, -124, -256, -257, -65_536, -65_537, -16_777_217, -(2**30)]
  [2**30, -(2**30) - 1, 2**53 - 1, 2**53, -(2**64), 2**100]
  [0.0, -0.0, 1.0, 1.5, 100.0, 1e14, 1e25, 1e-5, 5e-324, 1.7976931348623157e308, 1.0 / 3]
  [Float::INFINITY, -Float::INFINITY, Float::NAN]
  "José"
  "ascii".encode("US-ASCII")
  "\xFF\x00".b
  "caf\xE9".dup.force_encoding("ISO-8859-1")
  "\xFF".dup.force_encoding("UTF-8")
  "語".encode("Shift_JIS")
  "hi".encode("UTF-16LE")
  [:a, :b, :a, :"José", :"José", :"with space"]
  ["caf\xE9".dup.force_encoding("ISO-8859-1").to_sym]
  (s = +"x"; [s, s, [s], +"x"])
  (f = 0.1; b = 2**70; [f, f, b, b])
  (a = [1]; h = { "k" => a }; [a, h, h, a])
  { "b" => 1, "a" => 2, "10" => 3, "2" => 4, "__proto__" => 5, "$" => 6 }
  { a: 1, "a" => 2, nil => 3, 1 => 4, 1.5 => 5, [1] => 6 }
  Hash.new(7).merge!("x" => 1)
  {}.compare_by_identity.tap { |h| h["a"] = 1; h[+"a"] = 2 }
  ActiveSupport::HashWithIndifferentAccess.new(user: { id: 1 })
  ActiveSupport::SafeBuffer.new("<b>")
  Time.utc(2024, 2, 29, 23, 59, 58, Rational(123_456_789, 1000))
  Time.new(1969, 12, 31, 12, 0, 0, "+05:30")
  Time.utc(1850, 1, 1)
  Time.at(0, Rational(1, 3), :nsec).utc
  Time.utc(2024, 7, 1).in_time_zone("Berlin")
  Date.new(2024, 2, 29)
  Date.new(1500, 2, 29, Date::JULIAN)
  DateTime.new(2024, 2, 29, 12, 30, Rational(451, 10), "-03:00")
  [BigDecimal("0.1"), BigDecimal("-123.45e30"), BigDecimal("NaN"), BigDecimal("-Infinity"), BigDecimal("-0")]
  [Rational(-3, 4), Complex(1, -2.5), Complex(Rational(1, 2), 0)]
  [1..3, "a"..."c", (1..), (..nil), 1.0..2]
  Set[1, "a", :b, nil, [1]]
  [3.days, 1.year + 2.hours, 90.seconds]
  [/a.b/i, /é/, /x/n, %r{/}mx, /a/u]
  Point.new(1, "two")
  Options.new(name: :x)
  String
  ActiveSupport::Duration
  Kernel
  ArgumentError.new("no good")
  (raise "oops" rescue $!)
  Plain.new(["x"])
  Dumped.new
  Marshalled.new
  Names.new([1, "a"])
  Title.new("Dr.")
  Lookup.new.merge!("a" => 1)
  [1].extend(Loud)
  "x".dup.extend(Loud).extend(Quiet)
RUBY

rows = EXPRESSIONS.map do |expression|
  dump = Marshal.dump(eval(expression)) # rubocop:disable Security/Eval -- the expressions above
  [expression, [dump].pack("m0"), tree(Marshal.load(dump))]
end
$stderr.puts "#{rows.length} dumps of Ruby #{RUBY_VERSION}"
puts rows.map { |row| JSON.generate(row) }
