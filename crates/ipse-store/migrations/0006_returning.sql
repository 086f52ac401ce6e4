alter table subject_documents add column finds bigint not null default 0;
create unique index subject_documents_that_find on subject_documents (organization, document_hash) where finds = 1;
