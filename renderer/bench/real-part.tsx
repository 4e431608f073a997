/** The place of a real device: nothing of it can be worked from here. */
export function RealPart(props: { readonly title: string }) {
  return (
    <div className="part real">
      <div className="part-head">
        <h2>{props.title}</h2>
      </div>
      <RealNote />
    </div>
  );
}

export function RealNote() {
  return <p className="part-note">Real device: see the configuration.</p>;
}
