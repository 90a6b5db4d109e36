const MAPPING = `
Etc/GMT+12=International Date Line West
Pacific/Midway=Midway Island
Pacific/Pago_Pago=American Samoa
Pacific/Honolulu=Hawaii
America/Juneau=Alaska
America/Los_Angeles=Pacific Time (US & Canada)
America/Tijuana=Tijuana
America/Denver=Mountain Time (US & Canada)
America/Phoenix=Arizona
America/Chihuahua=Chihuahua
America/Mazatlan=Mazatlan
America/Chicago=Central Time (US & Canada)
America/Regina=Saskatchewan
America/Mexico_City=Guadalajara;Mexico City
America/Monterrey=Monterrey
America/Guatemala=Central America
America/New_York=Eastern Time (US & Canada)
America/Indiana/Indianapolis=Indiana (East)
America/Bogota=Bogota
America/Lima=Lima;Quito
America/Halifax=Atlantic Time (Canada)
America/Caracas=Caracas
America/La_Paz=La Paz
America/Santiago=Santiago
America/St_Johns=Newfoundland
America/Sao_Paulo=Brasilia
America/Argentina/Buenos_Aires=Buenos Aires
America/Montevideo=Montevideo
America/Guyana=Georgetown
America/Puerto_Rico=Puerto Rico
America/Godthab=Greenland
Atlantic/South_Georgia=Mid-Atlantic
Atlantic/Azores=Azores
Atlantic/Cape_Verde=Cape Verde Is.
Europe/Dublin=Dublin
Europe/London=Edinburgh;London
Europe/Lisbon=Lisbon
Africa/Casablanca=Casablanca
Africa/Monrovia=Monrovia
Etc/UTC=UTC
Europe/Belgrade=Belgrade
Europe/Bratislava=Bratislava
Europe/Budapest=Budapest
Europe/Ljubljana=Ljubljana
Europe/Prague=Prague
Europe/Sarajevo=Sarajevo
Europe/Skopje=Skopje
Europe/Warsaw=Warsaw
Europe/Zagreb=Zagreb
Europe/Brussels=Brussels
Europe/Copenhagen=Copenhagen
Europe/Madrid=Madrid
Europe/Paris=Paris
Europe/Amsterdam=Amsterdam
Europe/Berlin=Berlin
Europe/Zurich=Bern;Zurich
Europe/Rome=Rome
Europe/Stockholm=Stockholm
Europe/Vienna=Vienna
Africa/Algiers=West Central Africa
Europe/Bucharest=Bucharest
Africa/Cairo=Cairo
Europe/Helsinki=Helsinki
Europe/Kiev=Kyiv
Europe/Riga=Riga
Europe/Sofia=Sofia
Europe/Tallinn=Tallinn
Europe/Vilnius=Vilnius
Europe/Athens=Athens
Europe/Istanbul=Istanbul
Europe/Minsk=Minsk
Asia/Jerusalem=Jerusalem
Africa/Harare=Harare
Africa/Johannesburg=Pretoria
Europe/Kaliningrad=Kaliningrad
Europe/Moscow=Moscow;St. Petersburg
Europe/Volgograd=Volgograd
Europe/Samara=Samara
Asia/Kuwait=Kuwait
Asia/Riyadh=Riyadh
Africa/Nairobi=Nairobi
Asia/Baghdad=Baghdad
Asia/Tehran=Tehran
Asia/Muscat=Abu Dhabi;Muscat
Asia/Baku=Baku
Asia/Tbilisi=Tbilisi
Asia/Yerevan=Yerevan
Asia/Kabul=Kabul
Asia/Yekaterinburg=Ekaterinburg
Asia/Karachi=Islamabad;Karachi
Asia/Tashkent=Tashkent
Asia/Kolkata=Chennai;Kolkata;Mumbai;New Delhi
Asia/Kathmandu=Kathmandu
Asia/Dhaka=Dhaka
Asia/Colombo=Sri Jayawardenepura
Asia/Almaty=Almaty;Astana
Asia/Novosibirsk=Novosibirsk
Asia/Rangoon=Rangoon
Asia/Bangkok=Bangkok;Hanoi
Asia/Jakarta=Jakarta
Asia/Krasnoyarsk=Krasnoyarsk
Asia/Shanghai=Beijing
Asia/Chongqing=Chongqing
Asia/Hong_Kong=Hong Kong
Asia/Urumqi=Urumqi
Asia/Kuala_Lumpur=Kuala Lumpur
Asia/Singapore=Singapore
Asia/Taipei=Taipei
Australia/Perth=Perth
Asia/Irkutsk=Irkutsk
Asia/Ulaanbaatar=Ulaanbaatar
Asia/Seoul=Seoul
Asia/Tokyo=Osaka;Sapporo;Tokyo
Asia/Yakutsk=Yakutsk
Australia/Darwin=Darwin
Australia/Adelaide=Adelaide
Australia/Canberra=Canberra
Australia/Melbourne=Melbourne
Australia/Sydney=Sydney
Australia/Brisbane=Brisbane
Australia/Hobart=Hobart
Asia/Vladivostok=Vladivostok
Pacific/Guam=Guam
Pacific/Port_Moresby=Port Moresby
Asia/Magadan=Magadan
Asia/Srednekolymsk=Srednekolymsk
Pacific/Guadalcanal=Solomon Is.
Pacific/Noumea=New Caledonia
Pacific/Fiji=Fiji
Asia/Kamchatka=Kamchatka
Pacific/Majuro=Marshall Is.
Pacific/Auckland=Auckland;Wellington
Pacific/Tongatapu=Nuku'alofa
Pacific/Fakaofo=Tokelau Is.
Pacific/Chatham=Chatham Is.
Pacific/Apia=Samoa`

const NAMES = `
: CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran
: Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore
: Turkey UCT UTC Universal W-SU WET Zulu
Africa: Abidjan Accra Addis_Ababa Algiers Asmara Asmera Bamako Bangui Banjul Bissau Blantyre Brazzaville Bujumbura
Africa: Cairo Casablanca Ceuta Conakry Dakar Dar_es_Salaam Djibouti Douala El_Aaiun Freetown Gaborone Harare
Africa: Johannesburg Juba Kampala Khartoum Kigali Kinshasa Lagos Libreville Lome Luanda Lubumbashi Lusaka Malabo
Africa: Maputo Maseru Mbabane Mogadishu Monrovia Nairobi Ndjamena Niamey Nouakchott Ouagadougou Porto-Novo Sao_Tome
Africa: Timbuktu Tripoli Tunis Windhoek
America: Adak Anchorage Anguilla Antigua Araguaina Aruba Asuncion Atikokan Atka Bahia Bahia_Banderas Barbados Belem
America: Belize Blanc-Sablon Boa_Vista Bogota Boise Buenos_Aires Cambridge_Bay Campo_Grande Cancun Caracas Catamarca
America: Cayenne Cayman Chicago Chihuahua Ciudad_Juarez Coral_Harbour Cordoba Costa_Rica Coyhaique Creston Cuiaba
America: Curacao Danmarkshavn Dawson Dawson_Creek Denver Detroit Dominica Edmonton Eirunepe El_Salvador Ensenada
America: Fort_Nelson Fort_Wayne Fortaleza Glace_Bay Godthab Goose_Bay Grand_Turk Grenada Guadeloupe Guatemala
America: Guayaquil Guyana Halifax Havana Hermosillo Indianapolis Inuvik Iqaluit Jamaica Jujuy Juneau Knox_IN
America: Kralendijk La_Paz Lima Los_Angeles Louisville Lower_Princes Maceio Managua Manaus Marigot Martinique
America: Matamoros Mazatlan Mendoza Menominee Merida Metlakatla Mexico_City Miquelon Moncton Monterrey Montevideo
America: Montreal Montserrat Nassau New_York Nipigon Nome Noronha Nuuk Ojinaga Panama Pangnirtung Paramaribo Phoenix
America: Port-au-Prince Port_of_Spain Porto_Acre Porto_Velho Puerto_Rico Punta_Arenas Rainy_River Rankin_Inlet Recife
America: Regina Resolute Rio_Branco Rosario Santa_Isabel Santarem Santiago Santo_Domingo Sao_Paulo Scoresbysund
America: Shiprock Sitka St_Barthelemy St_Johns St_Kitts St_Lucia St_Thomas St_Vincent Swift_Current Tegucigalpa Thule
America: Thunder_Bay Tijuana Toronto Tortola Vancouver Virgin Whitehorse Winnipeg Yakutat Yellowknife
America/Argentina: Buenos_Aires Catamarca ComodRivadavia Cordoba Jujuy La_Rioja Mendoza Rio_Gallegos Salta San_Juan
America/Argentina: San_Luis Tucuman Ushuaia
America/Indiana: Indianapolis Knox Marengo Petersburg Tell_City Vevay Vincennes Winamac
America/Kentucky: Louisville Monticello
America/North_Dakota: Beulah Center New_Salem
Antarctica: Casey Davis DumontDUrville Macquarie Mawson McMurdo Palmer Rothera South_Pole Syowa Troll Vostok
Arctic: Longyearbyen
Asia: Aden Almaty Amman Anadyr Aqtau Aqtobe Ashgabat Ashkhabad Atyrau Baghdad Bahrain Baku Bangkok Barnaul Beirut
Asia: Bishkek Brunei Calcutta Chita Choibalsan Chongqing Chungking Colombo Dacca Damascus Dhaka Dili Dubai Dushanbe
Asia: Famagusta Gaza Harbin Hebron Ho_Chi_Minh Hong_Kong Hovd Irkutsk Istanbul Jakarta Jayapura Jerusalem Kabul
Asia: Kamchatka Karachi Kashgar Kathmandu Katmandu Khandyga Kolkata Krasnoyarsk Kuala_Lumpur Kuching Kuwait Macao
Asia: Macau Magadan Makassar Manila Muscat Nicosia Novokuznetsk Novosibirsk Omsk Oral Phnom_Penh Pontianak Pyongyang
Asia: Qatar Qostanay Qyzylorda Rangoon Riyadh Saigon Sakhalin Samarkand Seoul Shanghai Singapore Srednekolymsk Taipei
Asia: Tashkent Tbilisi Tehran Tel_Aviv Thimbu Thimphu Tokyo Tomsk Ujung_Pandang Ulaanbaatar Ulan_Bator Urumqi Ust-Nera
Asia: Vientiane Vladivostok Yakutsk Yangon Yekaterinburg Yerevan
Atlantic: Azores Bermuda Canary Cape_Verde Faeroe Faroe Jan_Mayen Madeira Reykjavik South_Georgia St_Helena Stanley
Australia: ACT Adelaide Brisbane Broken_Hill Canberra Currie Darwin Eucla Hobart LHI Lindeman Lord_Howe Melbourne NSW
Australia: North Perth Queensland South Sydney Tasmania Victoria West Yancowinna
Brazil: Acre DeNoronha East West
Canada: Atlantic Central Eastern Mountain Newfoundland Pacific Saskatchewan Yukon
Chile: Continental EasterIsland
Etc: GMT GMT+0 GMT+1 GMT+10 GMT+11 GMT+12 GMT+2 GMT+3 GMT+4 GMT+5 GMT+6 GMT+7 GMT+8 GMT+9 GMT-0 GMT-1 GMT-10 GMT-11
Etc: GMT-12 GMT-13 GMT-14 GMT-2 GMT-3 GMT-4 GMT-5 GMT-6 GMT-7 GMT-8 GMT-9 GMT0 Greenwich UCT UTC Universal Zulu
Europe: Amsterdam Andorra Astrakhan Athens Belfast Belgrade Berlin Bratislava Brussels Bucharest Budapest Busingen
Europe: Chisinau Copenhagen Dublin Gibraltar Guernsey Helsinki Isle_of_Man Istanbul Jersey Kaliningrad Kiev Kirov Kyiv
Europe: Lisbon Ljubljana London Luxembourg Madrid Malta Mariehamn Minsk Monaco Moscow Nicosia Oslo Paris Podgorica
Europe: Prague Riga Rome Samara San_Marino Sarajevo Saratov Simferopol Skopje Sofia Stockholm Tallinn Tirane Tiraspol
Europe: Ulyanovsk Uzhgorod Vaduz Vatican Vienna Vilnius Volgograd Warsaw Zagreb Zaporozhye Zurich
Indian: Antananarivo Chagos Christmas Cocos Comoro Kerguelen Mahe Maldives Mauritius Mayotte Reunion
Mexico: BajaNorte BajaSur General
Pacific: Apia Auckland Bougainville Chatham Chuuk Easter Efate Enderbury Fakaofo Fiji Funafuti Galapagos Gambier
Pacific: Guadalcanal Guam Honolulu Johnston Kanton Kiritimati Kosrae Kwajalein Majuro Marquesas Midway Nauru Niue
Pacific: Norfolk Noumea Pago_Pago Palau Pitcairn Pohnpei Ponape Port_Moresby Rarotonga Saipan Samoa Tahiti Tarawa
Pacific: Tongatapu Truk Wake Wallis Yap
US: Alaska Aleutian Arizona Central East-Indiana Eastern Hawaii Indiana-Starke Michigan Mountain Pacific Samoa`

/** Zone of the IANA database by the name that Rails 7.2 and later have for it: `ActiveSupport::TimeZone::MAPPING`. */
export const RAILS_ZONES: ReadonlyMap<string, string> = new Map(
  MAPPING.trim()
    .split('\n')
    .flatMap((line) => {
      const [zone = '', names = ''] = line.split('=')
      return names.split(';').map((name): [string, string] => [name, zone])
    }),
)

/** Names of the IANA database, as TZInfo lists them; it takes none in another case. */
export const IANA_ZONES: ReadonlySet<string> = new Set(
  NAMES.trim()
    .split('\n')
    .flatMap((line) => {
      const [region = '', names = ''] = line.split(': ')
      return names.split(' ').map((name) => (region === '' ? name : `${region}/${name}`))
    }),
)
