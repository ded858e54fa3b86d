#include "core/field_names.hpp"

#include "core/field_path.hpp"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

struct Unit {
    QLatin1StringView name;
    const char16_t* symbol;
};
struct Word {
    QLatin1StringView name;
    const char* text; ///< English, for translation in the context "names"
};

// Keep in step with web/src/lib/fleet/values.ts and text.ts.
constexpr std::array units{Unit{"c"_L1, u"°C"},    Unit{"pct"_L1, u"%"},  Unit{"hpa"_L1, u"hPa"},
                           Unit{"mm"_L1, u"mm"},   Unit{"ms"_L1, u"ms"},  Unit{"ppm"_L1, u"ppm"},
                           Unit{"ppb"_L1, u"ppb"}, Unit{"lux"_L1, u"lx"}, Unit{"mbps"_L1, u"Mbit/s"}};
constexpr std::array unitsOfFields{Unit{"wind_speed_ms"_L1, u"m/s"}, Unit{"pm2_5"_L1, u"µg/m³"},
                                   Unit{"pm10"_L1, u"µg/m³"}};

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
         QT_TRANSLATE_NOOP("names", "An indoor sensor for temperature and humidity, with a comfort index.")},
    Word{"ip_camera"_L1,
         QT_TRANSLATE_NOOP("names",
                           "A network camera that reports the state of its stream and detected motion.")},
    Word{
        "air_quality"_L1,
        QT_TRANSLATE_NOOP("names", "A sensor for fine dust, carbon dioxide and volatile organic compounds.")},
    Word{"smart_lock"_L1,
         QT_TRANSLATE_NOOP("names", "A lock that reports its state, its battery level and its last user.")}};

template <class Table>
const auto* find(const Table& table, QStringView name) {
    const auto entry =
        std::find_if(table.begin(), table.end(), [&](const auto& item) { return name == item.name; });
    return entry == table.end() ? nullptr : &*entry;
}

QString translated(const char* text) {
    return QCoreApplication::translate("names", text);
}

/// Without a translation into the current language, the text of the server is used.
template <class Table>
QString translatedOr(const Table& table, const QString& slug, const QString& serverText) {
    const Word* word = find(table, slug);
    if (word == nullptr)
        return serverText;
    const QString text = translated(word->text);
    return text == QString::fromUtf8(word->text) ? serverText : text;
}

/// The steps of the field name. An invalid name becomes a single step.
FieldPath pathOf(const QString& field) {
    return readFieldName(field).value_or(FieldPath{field});
}

/// The key that decides the unit: array elements have the unit of their array.
QString lastKeyOf(const FieldPath& path) {
    for (const auto& step : std::views::reverse(path))
        if (const auto* key = std::get_if<QString>(&step))
            return *key;
    return {};
}

QString readableKey(const QString& name, bool hasUnit) {
    if (const Word* word = find(fieldWords, name); word != nullptr)
        return translated(word->text);
    QStringList words = name.split(u'_');
    if (hasUnit && words.size() > 1)
        words.removeLast();
    return words.join(u' ');
}

} // namespace

QString unitOf(const QString& field) {
    const QString name = lastKeyOf(pathOf(field));
    const Unit* entry = find(unitsOfFields, name);
    if (entry == nullptr && name.contains(u'_'))
        entry = find(units, name.section(u'_', -1));
    return entry == nullptr ? QString{} : QString::fromUtf16(entry->symbol);
}

QString fieldLabel(const QString& field) {
    FieldPath path = pathOf(field);
    if (path.size() > 1 && path.first() == FieldStep{u"metrics"_s} &&
        std::holds_alternative<QString>(path[1]))
        path.removeFirst();
    const auto isKey = [](const FieldStep& item) { return std::holds_alternative<QString>(item); };
    QString label;
    QString bare;
    for (auto step = path.cbegin(); step != path.cend(); ++step) {
        if (!isKey(*step)) {
            label = elementName(label, std::get<int>(*step));
            continue;
        }
        const QString& key = std::get<QString>(*step);
        const bool isLast = std::none_of(step + 1, path.cend(), isKey);
        label += u' ' + readableKey(key, isLast && !unitOf(field).isEmpty());
        bare += (bare.isEmpty() ? u""_s : u"."_s) + key;
    }
    label = label.trimmed();
    return label.isEmpty() ? u'"' + bare + u'"' : label;
}

QHash<QString, QString> fieldLabels(const QStringList& fields) {
    QHash<QString, QString> labels;
    for (const QString& field : fields)
        labels.insert(field, fieldLabel(field));
    // The name of one field may equal the label of another: repeat until all labels differ.
    for (bool changed = true; changed;) {
        changed = false;
        QHash<QString, int> counts;
        for (const QString& label : std::as_const(labels))
            ++counts[label.toLower()];
        for (auto entry = labels.begin(); entry != labels.end(); ++entry)
            if (*entry != entry.key() && counts.value(entry->toLower()) > 1) {
                *entry = entry.key();
                changed = true;
            }
    }
    return labels;
}

QString withUnit(const QString& label, const QString& field) {
    const QString unit = unitOf(field);
    return unit.isEmpty() ? label : u"%1 (%2)"_s.arg(label, unit);
}

QString categoryName(const QString& slug, const QString& serverText) {
    return translatedOr(categoryWords, slug, serverText);
}

QString categoryDescription(const QString& slug, const QString& serverText) {
    return translatedOr(categorySentences, slug, serverText);
}

} // namespace breakwater::desktop
