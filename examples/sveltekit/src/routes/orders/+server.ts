export const POST = async ({ request }: { readonly request: Request }) => Response.json({ ordered: await request.json() }, { status: 201 });
