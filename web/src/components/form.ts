import { type FormErrors, type UseFormReturnType, useForm } from "@mantine/form";
import { useRef } from "react";

import { ApiError } from "@/lib/api";

/** A form whose values become a request. */
export type RequestForm<Values> = UseFormReturnType<Values> & {
  /** Marks the fields that the server refused. Failure names them, with the server's messages. */
  markRefused: (failure: Error) => void;
};

/** What `getInputProps` returns for a field. */
export type FieldProps = ReturnType<UseFormReturnType<object>["getInputProps"]>;

type Options<Values> = {
  initialValues: Values;
  /** The message of each invalid field. */
  problemsOf?: (values: Values) => FormErrors;
  /** The field of a property of the request, where the names differ. */
  fields?: Readonly<Record<string, string>>;
};

/** The state of a form. Problems appear when the person submits, and then follow the input. */
export function useRequestForm<Values extends object>({ initialValues, problemsOf = () => ({}), fields = {} }: Options<Values>): RequestForm<Values> {
  const latest = useRef<UseFormReturnType<Values>>();
  const form = useForm<Values>({
    initialValues,
    validate: problemsOf,
    clearInputErrorOnChange: false,
    onValuesChange: (values) => {
      if (latest.current !== undefined && Object.keys(latest.current.errors).length > 0) latest.current.setErrors(problemsOf(values));
    },
  });
  latest.current = form;
  const markRefused = (failure: Error) => {
    if (failure instanceof ApiError) form.setErrors(refusedFields(failure, form.values, fields));
  };
  return { ...form, markRefused };
}

/** The fields among `values` that the server refused, as errors without a text. */
export function refusedFields(failure: ApiError, values: object, fields: Readonly<Record<string, string>> = {}): FormErrors {
  const names = failure.fields.map(({ loc }) => loc.replace(/^body\./, "")).map((property) => fields[property] ?? property);
  return Object.fromEntries(names.filter((name) => Object.hasOwn(values, name)).map((name) => [name, true]));
}

/** Moves the focus to the first invalid field, once the fields show their problems. */
export function focusInvalid(form: HTMLFormElement | undefined): void {
  setTimeout(() => form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}
