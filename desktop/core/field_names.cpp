#include "core/field_names.hpp"

#include "core/field_path.hpp"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

struct Entry {
    QLatin1StringView name;
    const char16_t* is;
};
struct Word {
    QLatin1StringView name;
    const char* text; ///< in English, to be translated in the context "names"
};

// The tables of web/src/lib/fleet/values.ts and text.ts.
constexpr std::array units{Entry{"c"_L1, u"°C"},    Entry{"pct"_L1, u"%"},  Entry{"hpa"_L1, u"hPa"},
                           Entry{"mm"_L1, u"mm"},   Entry{"ms"_L1, u"ms"},  Entry{"ppm"_L1, u"ppm"},
                           Entry{"ppb"_L1, u"ppb"}, Entry{"lux"_L1, u"lx"}, Entry{"mbps"_L1, u"Mbit/s"}};
constexpr std::array unitsOfFields{Entry{"wind_speed_ms"_L1, u"m/s"}, Entry{"pm2_5"_L1, u"µg/m³"},
                                   Entry{"pm10"_L1, u"µg/m³"}};

constexpr std::array fieldWords{Word{"temperature_c"_L1, QT_TRANSLATE_NOOP("names", "temperature")},
                                Word{"humidity_pct"_L1, QT_TRANSLATE_NOOP("names", "humidity")},
                                Word{"wind_speed_ms"_L1, QT_TRANSLATE_NOOP("names", "wind speed")},
                                Word{"pressure_hpa"_L1, QT_TRANSLATE_NOOP("names", "pressure")},
                                Word{"rainfall_mm"_L1, QT_TRANSLATE_NOOP("names", "rainfall")},
                                Word{"uv_index"_L1, QT_TRANSLATE_NOOP("names", "UV index")},
                                Word{"comfort_index"_L1, QT_TRANSLATE_NOOP("names", "comfort")},
                                Word{"bitrate_mbps"_L1, QT_TRANSLATE_NOOP("names", "bit rate")},
                                Word{"latency_ms"_L1, QT_TRANSLATE_NOOP("names", "latency")},
                                Word{"packet_loss_pct"_L1, QT_TRANSLATE_NOOP("names", "packet loss")},
                                Word{"snapshot_taken"_L1, QT_TRANSLATE_NOOP("names", "snapshot")},
                                Word{"pm2_5"_L1, QT_TRANSLATE_NOOP("names", "PM2.5")},
                                Word{"pm10"_L1, QT_TRANSLATE_NOOP("names", "PM10")},
                                Word{"co2_ppm"_L1, QT_TRANSLATE_NOOP("names", "CO₂")},
                                Word{"voc_ppb"_L1, QT_TRANSLATE_NOOP("names", "VOC")},
                                Word{"battery_pct"_L1, QT_TRANSLATE_NOOP("names", "battery")},
                                Word{"jam_detected"_L1, QT_TRANSLATE_NOOP("names", "jam")},
                                Word{"status"_L1, QT_TRANSLATE_NOOP("names", "status")},
                                Word{"metrics"_L1, QT_TRANSLATE_NOOP("names", "metrics")},
                                Word{"last_action"_L1, QT_TRANSLATE_NOOP("names", "last action")},
                                Word{"user"_L1, QT_TRANSLATE_NOOP("names", "user")},
                                Word{"method"_L1, QT_TRANSLATE_NOOP("names", "method")}};

constexpr std::array categoryWords{
    Word{"weather_station"_L1, QT_TRANSLATE_NOOP("names", "Weather station")},
    Word{"indoor_thermometer"_L1, QT_TRANSLATE_NOOP("names", "Indoor thermometer")},
    Word{"ip_camera"_L1, QT_TRANSLATE_NOOP("names", "IP camera")},
    Word{"air_quality"_L1, QT_TRANSLATE_NOOP("names", "Air quality")},
    Word{"smart_lock"_L1, QT_TRANSLATE_NOOP("names", "Smart lock")}};

constexpr std::array categorySentences{
    Word{"weather_station"_L1,
         QT_TRANSLATE_NOOP("names",
                           "An outdoor station: temperature, humidity, wind, pressure, rain and UV.")},
    Word{"indoor_thermometer"_L1,
         QT_TRANSLATE_NOOP("names", "An indoor sensor of temperature and humidity, with a comfort index.")},
    Word{"ip_camera"_L1,
         QT_TRANSLATE_NOOP("names",
                           "A network camera that tells how its stream does, and what moves before it.")},
    Word{"air_quality"_L1,
         QT_TRANSLATE_NOOP("names", "A sensor of fine dust, carbon dioxide and volatile organic compounds.")},
    Word{"smart_lock"_L1,
         QT_TRANSLATE_NOOP("names", "A lock that tells its state, its battery and who used it last.")}};

template <class Table>
const auto* find(const Table& table, QStringView name) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const auto& each) { return name == each.name; });
    return found == table.end() ? nullptr : &*found;
}

QString translated(const char* text) {
    return QCoreApplication::translate("names", text);
}

/// In a language that we have no words in, the server's are as good.
template <class Table>
QString translatedOr(const Table& table, const QString& slug, const QString& said) {
    const Word* word = find(table, slug);
    if (word == nullptr)
        return said;
    const QString text = translated(word->text);
    return text == QString::fromUtf8(word->text) ? said : text;
}

/// The steps on the way; a text that is no name is one.
FieldPath wayOf(const QString& field) {
    return readFieldName(field).value_or(FieldPath{field});
}

/// Elements of an array are measured in what the array is.
QString lastKeyOf(const FieldPath& way) {
    for (auto each = way.crbegin(); each != way.crend(); ++each)
        if (const auto* key = std::get_if<QString>(&*each))
            return *key;
    return {};
}

QString wordsOf(const QString& name, bool measured) {
    if (const Word* word = find(fieldWords, name); word != nullptr)
        return translated(word->text);
    QStringList words = name.split(u'_');
    if (measured && words.size() > 1)
        words.removeLast();
    return words.join(u' ');
}

} // namespace

QString unitOf(const QString& field) {
    const QString name = lastKeyOf(wayOf(field));
    const Entry* entry = find(unitsOfFields, name);
    if (entry == nullptr && name.contains(u'_'))
        entry = find(units, name.section(u'_', -1));
    return entry == nullptr ? QString{} : QString::fromUtf16(entry->is);
}

QString fieldLabel(const QString& field) {
    FieldPath way = wayOf(field);
    if (way.size() > 1 && way.first() == FieldStep{u"metrics"_s} && std::holds_alternative<QString>(way[1]))
        way.removeFirst();
    const auto isKey = [](const FieldStep& step) { return std::holds_alternative<QString>(step); };
    QString label;
    QString bare;
    for (auto each = way.cbegin(); each != way.cend(); ++each) {
        if (!isKey(*each)) {
            label = elementOf(label, std::get<int>(*each));
            continue;
        }
        const QString& key = std::get<QString>(*each);
        const bool isLast = std::none_of(each + 1, way.cend(), isKey);
        label += u' ' + wordsOf(key, isLast && !unitOf(field).isEmpty());
        bare += (bare.isEmpty() ? u""_s : u"."_s) + key;
    }
    label = label.trimmed();
    return label.isEmpty() ? u'"' + bare + u'"' : label;
}

QHash<QString, QString> fieldLabels(const QStringList& fields) {
    QHash<QString, QString> labels;
    for (const QString& field : fields)
        labels.insert(field, fieldLabel(field));
    // The spelling of one may be what another is called: until no two are the same.
    for (bool changed = true; changed;) {
        changed = false;
        QHash<QString, int> counts;
        for (const QString& label : std::as_const(labels))
            ++counts[label.toLower()];
        for (auto each = labels.begin(); each != labels.end(); ++each)
            if (*each != each.key() && counts.value(each->toLower()) > 1) {
                *each = each.key();
                changed = true;
            }
    }
    return labels;
}

QString withUnit(const QString& label, const QString& field) {
    const QString unit = unitOf(field);
    return unit.isEmpty() ? label : u"%1 (%2)"_s.arg(label, unit);
}

QString categoryName(const QString& slug, const QString& said) {
    return translatedOr(categoryWords, slug, said);
}

QString categoryDescription(const QString& slug, const QString& said) {
    return translatedOr(categorySentences, slug, said);
}

} // namespace breakwater::desktop
