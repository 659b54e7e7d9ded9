export const GET = () => Response.json({ products: ["tea", "cups"] });
