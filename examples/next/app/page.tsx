export default function Page() {
  return (
    <main>
      <h1>Shop</h1>
      <p>
        <a href="/status">How it is</a>
      </p>
    </main>
  );
}
