#include "core/payload_fields.hpp"

#include "core/field_path.hpp"

#include <QCoreApplication>
#include <QJsonArray>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

QLocale ungrouped() {
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale;
}

/// `left`: how many more values within the array around have names; null: there is none. No payload is nested
/// deeper than 32.
void collect(const QJsonValue& value, const QString& name, int* left, PayloadFields& into) {
    const QJsonObject object = value.toObject();
    const QJsonArray array = value.toArray();
    int ofThis = mostOfArray;
    int* within = left == nullptr ? &ofThis : left;
    for (qsizetype n = 0; n < array.size() && *within > 0; ++n)
        collect(array[n], elementOf(name, static_cast<int>(n)), within, into);
    for (auto each = object.begin(); each != object.end(); ++each) {
        const bool about = name.isEmpty() && (each.key() == "__simulated__"_L1 ||
                                              each.key() == "timestamp"_L1 || each.key() == "category"_L1);
        if (!about)
            collect(each.value(), memberOf(name, each.key()), left, into);
    }
    if (!object.isEmpty() || !array.isEmpty())
        return;
    if (!value.isObject() && !value.isArray() && (left == nullptr || *left > 0))
        into.emplace_back(name, value);
    if (left != nullptr)
        --*left;
}

} // namespace

PayloadFields fieldsOf(const QJsonObject& payload) {
    PayloadFields fields;
    collect(payload, {}, nullptr, fields);
    return fields;
}

QString valueText(const QJsonValue& value) {
    switch (value.type()) {
    case QJsonValue::Double:
        return ungrouped().toString(value.toDouble(), 'g', QLocale::FloatingPointShortest);
    case QJsonValue::Bool:
        return value.toBool() ? QCoreApplication::translate("names", "yes")
                              : QCoreApplication::translate("names", "no");
    case QJsonValue::String: return value.toString();
    default: return {};
    }
}

QString measuredText(double value) {
    constexpr int significant = 6;
    constexpr int decimals = 3;
    constexpr double largest = 1e15; // up to which a double has every whole number
    const double size = std::abs(value);
    if (size < largest && value == std::trunc(value))
        return ungrouped().toString(value, 'f', 0);
    if (size >= largest)
        return ungrouped().toString(value, 'g', std::numeric_limits<double>::digits10);
    const int before = size < 1 ? 0 : static_cast<int>(std::floor(std::log10(size))) + 1;
    return ungrouped().toString(value, 'g', std::max(significant, before + decimals));
}

double drawable(const QJsonValue& value) {
    if (value.isBool())
        return value.toBool() ? 1 : 0;
    return value.toDouble(std::numeric_limits<double>::quiet_NaN());
}

} // namespace breakwater::desktop
