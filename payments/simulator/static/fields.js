// What a card form knows about its three fields: how they are written, and what is wrong with them.

const luhn = (digits) => [...digits].reverse().reduce((sum, digit, place) => {
  const value = Number(digit) * (place % 2 ? 2 : 1);
  return sum + (value > 9 ? value - 9 : value);
}, 0) % 10 === 0;

export const digitsOf = (text) => text.replace(/\D/g, '');

export const brandOf = (digits) => {
  if (/^3[47]/.test(digits)) return 'amex';
  if (/^(5[1-5]|2[2-7])/.test(digits)) return 'mastercard';
  if (/^4/.test(digits)) return 'visa';
  return 'unknown';
};

const lengthOf = (brand) => (brand === 'amex' ? 15 : 16);

export const cvcLengthOf = (brand) => (brand === 'amex' ? 4 : 3);

export const formatNumber = (text) => {
  const digits = digitsOf(text);
  const brand = brandOf(digits);
  const kept = digits.slice(0, lengthOf(brand));
  const groups = brand === 'amex' ? /^(\d{0,4})(\d{0,6})(\d{0,5})$/ : /^(\d{0,4})(\d{0,4})(\d{0,4})(\d{0,4})$/;
  return kept.match(groups).slice(1).filter(Boolean).join(' ');
};

export const formatExpiry = (text, before) => {
  let digits = digitsOf(text);
  // "12 / " with its slash rubbed out: the month's last digit goes as well, or the slash would come back for ever.
  if (before && before.endsWith(' / ') && text === before.trimEnd().replace(/ ?\/$/, ' /')) return digits.slice(0, 2);
  if (/^[2-9]/.test(digits)) digits = `0${digits}`;
  if (digits.length > 4) digits = digits.slice(0, 2) + digits.slice(-2);
  return digits.length >= 2 ? `${digits.slice(0, 2)} / ${digits.slice(2)}` : digits;
};

const problem = (code, message) => ({ type: 'validation_error', code, message });

export const checkNumber = (text) => {
  const digits = digitsOf(text);
  if (digits.length < lengthOf(brandOf(digits))) return problem('incomplete_number', 'Your card number is incomplete.');
  return luhn(digits) ? null : problem('invalid_number', 'Your card number is invalid.');
};

export const checkExpiry = (text, today) => {
  const digits = digitsOf(text);
  if (digits.length < 4) return problem('incomplete_expiry', "Your card's expiration date is incomplete.");
  const [month, year] = [Number(digits.slice(0, 2)), 2000 + Number(digits.slice(2))];
  if (month < 1 || month > 12) return problem('invalid_expiry_month', "Your card's expiration month is invalid.");
  const past = year < today.getFullYear() || (year === today.getFullYear() && month < today.getMonth() + 1);
  return past ? problem('invalid_expiry_year_past', "Your card's expiration date is in the past.") : null;
};

export const checkCvc = (text, brand) => (
  digitsOf(text).length < cvcLengthOf(brand) ? problem('incomplete_cvc', "Your card's security code is incomplete.") : null
);
